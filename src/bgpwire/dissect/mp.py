"""MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760), with the next hops of all lengths."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bgpwire.attribute.next_hop import next_hop
from bgpwire.capability.fields import afi_code, safi_code
from bgpwire.dissect.nlri import walk_routes
from bgpwire.errors import DecodeError
from bgpwire.field import reserved, u8
from bgpwire.nlri.base import NlriContext
from bgpwire.numbers.attribute import MP_REACH_NLRI

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes
    from bgpwire.field import Walk


def walk_mp_reach(walk: Walk, block: PathAttributes) -> None:
    context = _family(walk, block, False)
    size = walk("next_hop_length", u8)
    if block.get(MP_REACH_NLRI) is None:
        raise DecodeError("MP_REACH_NLRI with a next hop that its family does not have", walk.reader.offset)
    walk.bounded("next_hop", size, next_hop.walk, next_hop.to_json)
    walk("reserved", reserved(1))
    walk.part("nlri", partial(walk_routes, context=context))


def walk_mp_unreach(walk: Walk, block: PathAttributes) -> None:
    context = _family(walk, block, True)
    walk.part("nlri", partial(walk_routes, context=context))


def _family(walk: Walk, block: PathAttributes, withdraw: bool) -> NlriContext:
    """AFI and SAFI, and what the decoder of their NLRI has to know."""
    return NlriContext(walk("afi", afi_code), walk("safi", safi_code), withdraw, block.session)
