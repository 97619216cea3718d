"""Routes: prefixes, which the kernels decode, and the NLRI of declared families."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire.errors import DecodeError
from bgpwire.field import u8, u32
from bgpwire.nlri.base import NlriContext, UnknownNlri
from bgpwire.nlri.collection import decode_nlri, is_prefix
from bgpwire.nlri.declared import walk_decoded
from bgpwire.registry import NLRI

if TYPE_CHECKING:
    from bgpwire.field import Walk
    from bgpwire.nlri.base import Nlri


def walk_routes(walk: Walk, context: NlriContext) -> None:
    """NLRI until the octets of ``walk`` end."""
    family = context.afi, context.safi
    if is_prefix(*family):
        octets = walk.reader.ahead(len(walk))
        values, error = decode_nlri(octets, 0, len(octets), context, walk.reader.offset)
        for value in values:
            walk.part("route", partial(_prefix, value=value))
        if error is not None:
            raise error.fresh()
        return
    cls = NLRI[family] or UnknownNlri
    add_path = family in context.session.add_path and cls is not UnknownNlri
    while len(walk):
        begin = walk.reader.offset
        walk.part("route", partial(_route, cls=cls, context=context, add_path=add_path))
        if walk.reader.offset == begin:
            raise DecodeError("NLRI without octets", begin)


def _prefix(walk: Walk, value: Any) -> None:
    """The prefix that a kernel read as ``value``: which label is the last one, and such, it has found out."""
    if getattr(value, "path_id", None) is not None:
        walk("path_id", u32)
    walk_decoded(walk.sub((walk("length", u8) + 7) >> 3), value)


def _route(walk: Walk, cls: type[Nlri], context: NlriContext, add_path: bool) -> None:
    if add_path:
        walk("path_id", u32)
    cls.walk(walk, context)
