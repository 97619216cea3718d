"""One JSON object a line for each route; keys of absent values are left out."""

from __future__ import annotations

from json import JSONEncoder
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Prefix
from bgpwire.afi_safi import Family
from bgpwire.numbers import state_name
from bgpwire.route.form import attribute_fields, time_text
from bgpwire.text.attribute_json import members_writer
from bgpwire.text.shared import of_runs, per_block, per_peer, per_run, run_texts
from bgpwire.value.visible import visible_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import PathAttributes
    from bgpwire._python.runs import Run
    from bgpwire.route.kernels import Event, Peer, Route


_encode = JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def compact(value: Any) -> str:
    """A JSON value without blanks, its text readable but for controls."""
    return visible_json(_encode(value))


def _tail(attributes: PathAttributes) -> str:
    """The end of a line, which routes with the same attributes share."""
    fields = compact(attribute_fields(attributes))
    return "," + fields[1:] + "\n" if len(fields) > 2 else "}\n"


def _peer(peer: Peer) -> str:
    address = "" if peer.address is None else f',"peer_address":"{peer.address}"'
    return f'{address},"peer_asn":{peer.asn}{table_members(peer)}'


def table_members(peer: Peer) -> str:
    """The table of a router that is monitored, and the instance of the peer, where they are known."""
    table = "" if peer.rib is None else f',"rib":"{peer.rib}"'
    return table if peer.distinguisher is None else f'{table},"distinguisher":"{peer.distinguisher}"'


def formatter() -> Callable[[Route], str]:
    """A function that gives the line of a route, its newline included."""
    time = ""
    event: Event | None = None
    fields = per_block(_tail)
    peer = per_peer(_peer)
    texts = run_texts()
    members = members_writer(compact)

    def render(run: Run) -> tuple[str, str]:
        """The next hop, and the attributes."""
        hop = run.attributes.next_hop_of(run.place[2])
        usual = members(run.attributes)
        rest = fields(run.attributes) if usual is None else usual + "}\n"
        return "" if hop is None else f',"next_hop":"{hop}"', rest

    rendered = per_run(render)

    def head_of(route: Route | Run, kind: str) -> str:
        nonlocal time, event
        if route.event is not event:
            event = route.event
            time = time_text(event)
        return f'{{"type":"{kind}","timestamp":{time}{peer(route.peer)}'

    def line(route: Route) -> str:
        kind = route.type
        head = head_of(route, kind)
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

    def of_run(run: Run) -> tuple[str, list[str], str]:
        prefixes = texts(run)
        between = '"' if run.place[1] == 1 else f'","family":"{Family(run.place[0], run.place[1])}"'
        if run.path_ids is not None:
            prefixes = [
                f'{text}{between},"path_id":{path_id}' for text, path_id in zip(prefixes, run.path_ids, strict=True)
            ]
            between = ""
        before = head_of(run, run.kind) + ',"prefix":"'
        if run.kind == "W":
            return before, prefixes, between + "}\n"
        hop, rest = rendered(run)
        if run.originated is not None:
            hop = f',"originated":{run.originated}{hop}'
        return before, prefixes, between + hop + rest

    return of_runs(line, of_run)
