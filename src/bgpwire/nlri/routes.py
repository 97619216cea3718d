"""The NLRI of one family until the octets end: prefixes, which the kernels decode, and declared families."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire._impl import LabelledPrefix, LabelStack, Prefix, RouteDistinguisher, VpnPrefix
from bgpwire.afi_safi import SAFI_MPLS_LABEL
from bgpwire.errors import DecodeError
from bgpwire.field import Field, u8, u32
from bgpwire.field.address import bits_behind
from bgpwire.field.base import integer_of, items_of, members_of, octets_of, text_of
from bgpwire.field.form_error import each
from bgpwire.field.label import labels_alone
from bgpwire.nlri.base import Nlri, NlriContext, UnknownNlri
from bgpwire.nlri.collection import MpNlriCollection, NlriCollection, carries_labels, is_prefix
from bgpwire.nlri.declared import Declared, decoded, walk_decoded
from bgpwire.nlri.label import stack_of_json
from bgpwire.registry import NLRI
from bgpwire.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk

_WITHDRAWN = b"\x80\0\0"
"""The label of a route that is withdrawn (RFC 8277 section 2.4)."""
_NO_LABEL = int.from_bytes(_WITHDRAWN) >> 4


class Routes(Field):
    """All that is left, as the collection of NLRI that ``context`` says; what is malformed is its ``error``."""

    __slots__ = ("context",)

    def __init__(self, context: NlriContext) -> None:
        super().__init__(self._read, exact=False)
        self.context = context

    def _read(self, reader: Reader) -> MpNlriCollection:
        at = reader.offset
        return self._collection(reader.rest(), at)

    def _collection(self, octets: bytes, base: int) -> MpNlriCollection:
        afi, safi, withdraw, session = self._family
        return MpNlriCollection(octets, session, afi=afi, safi=safi, withdraw=withdraw, base=base)

    @property
    def _family(self) -> tuple[int, int, bool, Session]:
        context = self.context
        return context.afi, context.safi, context.withdraw, context.session

    def walk(self, walk: Walk) -> MpNlriCollection:
        """As :meth:`_read`, but that what is malformed is raised."""
        context = self.context
        found = self._collection(walk.reader.ahead(len(walk)), walk.reader.offset)
        if is_prefix(context.afi, context.safi):
            for value in found.values:
                walk.part("route", partial(_walk_prefix, value=value))
            if found.error is not None:
                raise found.error.fresh()
            return found
        family: type[Nlri] = NLRI[context.afi, context.safi] or UnknownNlri
        add_path = (context.afi, context.safi) in context.session.add_path and family is not UnknownNlri
        while len(walk):
            begin = walk.reader.offset
            walk.part("route", partial(_walk_one, family=family, context=context, add_path=add_path))
            if walk.reader.offset == begin:
                raise DecodeError("NLRI without octets", begin)
        return found

    def write(self, writer: Writer, value: Any) -> None:
        """Any NLRI of the family. ValueError for those of another, or whose path identifiers the session has not."""
        writer.octets(bytes(self.of(value)))

    def of(self, values: Iterable[Any]) -> MpNlriCollection:
        """The collection of these NLRI. ValueError where they are not of the family, or not of the session."""
        afi, safi, withdraw, session = self._family
        found = MpNlriCollection.of(values, session, afi=afi, safi=safi, withdraw=withdraw)
        kinds = _kinds(self.context)
        add_path = (afi, safi) in session.add_path and kinds != (UnknownNlri,)
        for value in found.values:
            if not isinstance(value, kinds) or value.afi != afi or getattr(value, "safi", safi) != safi:
                raise ValueError(f"{value!r} is no NLRI of {afi}/{safi}")
            if (value.path_id is not None) != add_path:
                raise ValueError(f"{value!r}: a path identifier {'is needed' if add_path else 'has no room'}")
        return found

    def to_json(self, value: Any) -> list[Any]:
        return [route.json() for route in value]

    def from_json(self, form: Any) -> MpNlriCollection:
        return self.of(each(self.route_of, items_of(form)))

    def route_of(self, form: Any) -> Any:
        """The NLRI of one form. ValueError, KeyError or TypeError for other forms, NotImplementedError for families
        that only read."""
        context = self.context
        if is_prefix(context.afi, context.safi):
            return _prefix_of(form, context)
        family = NLRI[context.afi, context.safi]
        found = members_of(form)
        if family is None:
            return decoded(octets_of(found["value"]), context, None)
        if not issubclass(family, Declared):
            raise NotImplementedError(f"{family.__name__} has no declaration to write")
        return family.from_json(found, context)

    def says_all(self, value: MpNlriCollection | NlriCollection) -> bool:
        """Whether the form of the routes leads back to their octets: declared ones have their own ``raw``."""
        if value.error is not None:
            return False
        if not is_prefix(self.context.afi, self.context.safi):
            return True
        withdraw = self.context.withdraw
        return all(_canonical(route, withdraw) for route in value.values)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/nlris"}


def _kinds(context: NlriContext) -> tuple[type[Any], ...]:
    """The classes of the NLRI of a family; those that are not the kernels' say themselves of which they are."""
    if not is_prefix(context.afi, context.safi):
        return (UnknownNlri,) if NLRI[context.afi, context.safi] is None else (Nlri,)
    if not carries_labels(context.safi):
        return (Prefix,)
    return (LabelledPrefix,) if context.safi == SAFI_MPLS_LABEL else (VpnPrefix,)


def _prefix_of(form: Any, context: NlriContext) -> Prefix | LabelledPrefix | VpnPrefix:
    """The prefix of a form, with labels and route distinguisher where the family has them."""
    if isinstance(form, str):
        form = {"prefix": form}
    found = members_of(form)
    path_id = None if found.get("path_id") is None else integer_of(found["path_id"])
    prefix = text_of(found["prefix"])
    names = {"prefix", "path_id"}
    out: Prefix | LabelledPrefix | VpnPrefix
    if not carries_labels(context.safi):
        out = Prefix(prefix, path_id)
    elif context.safi == SAFI_MPLS_LABEL:
        names |= {"labels"}
        out = LabelledPrefix(_labels_of(found["labels"], context.withdraw), prefix, path_id)
    else:
        names |= {"labels", "rd"}
        rd = RouteDistinguisher(text_of(found["rd"]))
        out = VpnPrefix(_labels_of(found["labels"], context.withdraw), rd, prefix, path_id)
    if not found.keys() <= names:
        raise ValueError(f"no such fields: {', '.join(found.keys() - names)}")
    return out


def _labels_of(form: Any, withdraw: bool) -> LabelStack:
    """The stack of these labels; what withdraws a route has no bottom-of-stack bit."""
    stack = stack_of_json(form)
    if not stack:
        raise ValueError("a stack of no labels")
    return LabelStack.from_bytes(_WITHDRAWN) if withdraw and stack.labels == (_NO_LABEL,) else stack


def _canonical(route: Any, withdraw: bool) -> bool:
    """Whether the octets of a prefix are those that its form leads to: no bits behind its length, and labels alone."""
    if bits_behind(bytes(route.prefix)):
        return False
    labels = getattr(route, "labels", None)
    if labels is None:
        return True
    return labels_alone(bytes(labels), not (withdraw and labels.labels == (_NO_LABEL,)))


def session_of(form: Any, afi: int, safi: int) -> Session:
    """The session that the forms of the routes of a family were read in, as far as they tell: whether they have path
    identifiers, and more than one label."""
    forms = [item for item in form if isinstance(item, dict)] if isinstance(form, (list, tuple)) else []
    pair = frozenset({(afi, safi)})
    several = any(isinstance(item.get("labels"), (list, tuple)) and len(item["labels"]) > 1 for item in forms)
    return Session(
        add_path=pair if any(item.get("path_id") is not None for item in forms) else frozenset(),
        multiple_labels=pair if several and is_prefix(afi, safi) else frozenset(),
    )


def _walk_prefix(walk: Walk, value: Any) -> None:
    """The prefix that a kernel read as ``value``: which label is the last one, and such, it has found out."""
    if value.path_id is not None:
        walk("path_id", u32)
    walk_decoded(walk.sub((walk("length", u8) + 7) >> 3), value)


def _walk_one(walk: Walk, family: type[Nlri], context: NlriContext, add_path: bool) -> None:
    if add_path:
        walk("path_id", u32)
    family.walk(walk, context)
