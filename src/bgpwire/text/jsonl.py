"""One JSON object a line for each route; keys of absent values are left out."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Prefix
from bgpwire.numbers import state_name
from bgpwire.route.form import attribute_fields, time_text
from bgpwire.text.shared import per_block, per_peer
from bgpwire.value.visible import visible_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import PathAttributes
    from bgpwire.route.kernels import Event, Peer, Route


def compact(value: Any) -> str:
    """A JSON value without blanks, its text readable but for controls."""
    return visible_json(dumps(value, separators=(",", ":"), ensure_ascii=False))


def _tail(attributes: PathAttributes) -> str:
    """The end of a line, which routes with the same attributes share."""
    fields = compact(attribute_fields(attributes))
    return "," + fields[1:] + "\n" if len(fields) > 2 else "}\n"


def _peer(peer: Peer) -> str:
    address = "" if peer.address is None else f',"peer_address":"{peer.address}"'
    return f'{address},"peer_asn":{peer.asn}'


def formatter() -> Callable[[Route], str]:
    """A function that gives the line of a route, its newline included."""
    time = ""
    event: Event | None = None
    fields = per_block(_tail)
    peer = per_peer(_peer)

    def line(route: Route) -> str:
        nonlocal time, event
        if route.event is not event:
            event = route.event
            time = time_text(event)
        kind = route.type
        head = f'{{"type":"{kind}","timestamp":{time}{peer(route.peer)}'
        if route.states is not None:
            old, new = route.states
            return f'{head},"old_state":"{state_name(old)}","new_state":"{state_name(new)}"}}\n'
        nlri: Any = route.nlri
        family = route.family
        if type(nlri) is Prefix:
            head = f'{head},"prefix":"{nlri}"'
            if family is not None and family[1] != 1:
                head = f'{head},"family":"{family}"'
        else:
            inside = route.prefix
            head = f'{head},"family":"{family}"' + ("" if inside is None else f',"prefix":"{inside}"')
            head = f'{head},"nlri":{compact(nlri.json())}'
        path_id = route.path_id
        if path_id is not None:
            head = f'{head},"path_id":{path_id}'
        if kind == "W":
            return head + "}\n"
        if route.originated is not None:
            head = f'{head},"originated":{route.originated}'
        next_hop = route.next_hop
        if next_hop is not None:
            head = f'{head},"next_hop":"{next_hop}"'
        assert route.attributes is not None
        return head + fields(route.attributes)

    return line
