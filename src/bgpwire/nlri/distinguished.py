"""NLRI of a length in bits, labels, a route distinguisher and a prefix, some of them absent, that no kernel reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import LabelStack, Reader, RouteDistinguisher
from bgpwire.errors import DecodeError
from bgpwire.field import u8
from bgpwire.nlri.declared import MalformedNlri, ReadBack, walk_decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.field import Walk
    from bgpwire.nlri.base import Nlri, NlriContext


class Distinguished(ReadBack):
    """``labels`` and ``rd`` are ``None`` where the route has none; the length in front counts their bits too.

    The layout has the members, of which ``prefix`` begins with its own length. Where labels end is for
    :meth:`parts_of` to say.
    """

    labels: LabelStack | None = None
    rd: RouteDistinguisher | None = None
    prefix: Any

    @classmethod
    def parts_of(cls, reader: Reader, bits: int, context: NlriContext) -> dict[str, Any]:
        """The members in ``bits`` bits, which are all of ``reader``. DecodeError where they are no such route."""
        raise NotImplementedError

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        bits = reader.u8()
        body = reader.sub((bits + 7) >> 3)
        try:
            return cls.of(cls.parts_of(body, bits, context))
        except DecodeError as error:
            return MalformedNlri(None, error)

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        bits = walk("length", u8)

        def read(body: Walk) -> None:
            inner = Reader(body.reader.ahead(len(body)), 0, None, body.reader.offset)
            walk_decoded(body, cls.of(cls.parts_of(inner, bits, context)))

        walk.sub((bits + 7) >> 3).whole(read)

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        members = cls.layout_of(context).members
        wire = members["prefix"].encode(values["prefix"])
        known = {name: value for name, value in values.items() if name != "prefix" and value is not None}
        front = b"".join(members[name].encode(known[name]) for name in ("labels", "rd") if name in known)
        return u8.encode(8 * len(front) + wire[0]) + front + wire[1:]

    def restores(self, form: Mapping[str, Any]) -> bool:
        """What stands in front of the prefix is counted by the length, and of route distinguishers no two are alike."""
        members, labels, wire = self.layout_of(self).members, self.labels, self.wire
        behind = 1 + (0 if labels is None else len(bytes(labels))) + (0 if self.rd is None else 8)
        if labels is not None and not members["labels"].restores(labels, bytes(labels)):
            return False
        return members["prefix"].restores(self.prefix, bytes((wire[0] - 8 * (behind - 1),)) + wire[behind:])

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        return {name: value for name, value in super().values_of(form, context).items() if value is not None}

    def __str__(self) -> str:
        return f"{'' if self.rd is None else f'{self.rd}:'}{self.prefix}"
