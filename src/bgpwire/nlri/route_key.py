"""The key of a Leaf A-D route: the route that it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader
from bgpwire.errors import DecodeError
from bgpwire.field import Field
from bgpwire.field.base import octets_of
from bgpwire.field.octets import HEX
from bgpwire.nlri.base import place
from bgpwire.nlri.route_type import RouteType

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk
    from bgpwire.nlri.base import Nlri, NlriContext


class RouteKey(Field):
    """A route of ``family``, whole; octets where they are no such route.

    ``size`` takes all octets that are left and says how many of them are the key; less than 0 is a DecodeError, for
    then there is no originator behind it. A Leaf A-D route answers none of its own kind, so nothing nests deeper.
    """

    __slots__ = ("_context", "_family", "_size")

    def __init__(self, family: type[RouteType], context: NlriContext, size: Callable[[bytes], int]) -> None:
        answered = self._key

        def read(reader: Reader) -> Nlri | bytes:
            at = reader.offset
            cut = size(reader.ahead(len(reader)))
            if cut < 0:
                raise DecodeError("a Leaf A-D route without an originator", at)
            return answered(reader.take(cut), at)

        super().__init__(read)
        self._family = family
        self._context = context
        self._size = size

    def _key(self, data: bytes, base: int) -> Nlri | bytes:
        reader = Reader(data, 0, None, base)
        try:
            route = self._family.decode(reader, self._context)
        except DecodeError:
            return data
        if len(reader) or not isinstance(route, RouteType) or hasattr(route, "route_key"):
            return data
        return place(route, (data, self._context.afi, self._context.safi, None))  # type: ignore[no-any-return]

    def walk(self, walk: Walk) -> Any:
        size = self._size(walk.reader.ahead(len(walk)))
        if size < 0:
            return self.read(walk.reader)
        key = self._key(walk.reader.ahead(size), walk.reader.offset)
        if isinstance(key, RouteType):
            walk.sub(size).whole(lambda body: self._family.walk(body, self._context))
        else:
            walk.reader.skip(size)
        return key

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> Nlri | bytes:
        return octets_of(form) if isinstance(form, str) else self._family.from_json(form, self._context)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [HEX, {"type": "object"}]}
