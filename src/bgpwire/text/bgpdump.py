"""The lines that ``bgpdump -m`` prints (RIPE NCC's bgpdump), byte for byte.

What it does differently from the rest of bgpwire, and this module with it:

* IPv6 text shortens a single group of zeros too (``1:0:1:1:1:1:1:1`` becomes ``1::1:1:1:1:1:1``), and every
  address of ``::/96`` above ``::1`` ends in a dotted quad.
* A RIB's prefix keeps its stray host bits, an UPDATE's loses them. (bgpdump 1.6.2 keeps the latter too; its
  successor's reference output does not, and that is what is followed here.)
* An absent attribute prints as 0 (MED, LOCAL_PREF), INCOMPLETE (ORIGIN) or 255.255.255.255 (NEXT_HOP).
  IPv4 routes of MP_REACH_NLRI print MED and LOCAL_PREF as signed numbers.
* AS4_PATH is merged with confederation segments counted, and repeats the first segment of AS_PATH as often as
  it needs to (RFC 6793 section 4.2.3 would take the following segments).
* Only unicast and multicast of IPv4 and IPv6 in BGP4MP, unicast in TABLE_DUMP_V2. A message whose marker is
  not all ones is not printed. The type codes 64 and 65 of early collectors are unknown to it, and so are the types
  9 and 10 and the subtype BGP4MP_ENTRY.
* MRT type 5 of 1999 and 2000 prints as ``BGP``, with no ``|`` between MED and communities.
* A peer without an address is ``0.0.0.0``, but what FRR writes with AS numbers of 4 octets, and what has addresses
  of another family than IPv4 and IPv6, is not printed.
* TABLE_DUMP with AS numbers of 4 octets prints IPv6 addresses as the IPv4 address that their first four octets are.
* Messages that the collector sent ("local" subtypes) name the peer; with ADD-PATH they name the collector.
* Well-known communities have names only where RFC 1997 gave them: ``local-AS`` is NO_EXPORT_SUBCONFED.

Two things are not as bgpdump has them, for there it is no use to anybody:

* Where MRT type 5 withdraws a prefix, bgpdump prints the peer's address in place of the prefix's, with the prefix's
  length. Here it is the prefix.
* Of a TABLE_DUMP record that holds many entries (collectors of 1999 and 2000), bgpdump prints the first. Here all are.

Of octets that cannot be read it prints what its buffer happens to hold; here such records are reported as
skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import Prefix
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.numbers import mrt
from bgpwire.numbers import mrt_subtype as subtypes
from bgpwire.numbers.attribute import MP_REACH_NLRI, MP_UNREACH_NLRI
from bgpwire.route.form import time_text
from bgpwire.text.bgpdump_fields import Fields, address_text, ipv6_text
from bgpwire.text.shared import of_runs, per_block, per_peer, per_run, run_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import Address, PathAttributes
    from bgpwire._python.runs import Run
    from bgpwire.route.kernels import Event, Peer, Route

_NAMES = {mrt.BGP: "BGP", mrt.BGP4MP: "BGP4MP", mrt.BGP4MP_ET: "BGP4MP_ET"}
_MARKER = b"\xff" * 16
_NO_ADDRESS = "0.0.0.0"
_STATE_SIZES = frozenset((8, 20, 24, 44, 48))
_ADD_PATH = frozenset(
    (
        subtypes.BGP4MP_MESSAGE_ADDPATH,
        subtypes.BGP4MP_MESSAGE_AS4_ADDPATH,
        subtypes.BGP4MP_MESSAGE_LOCAL_ADDPATH,
        subtypes.BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH,
    )
)
_RIB = {
    subtypes.RIB_IPV4_UNICAST: "TABLE_DUMP2",
    subtypes.RIB_IPV6_UNICAST: "TABLE_DUMP2",
    subtypes.RIB_IPV4_UNICAST_ADDPATH: "TABLE_DUMP2_AP",
    subtypes.RIB_IPV6_UNICAST_ADDPATH: "TABLE_DUMP2_AP",
}
_RIB_IPV4 = frozenset((subtypes.RIB_IPV4_UNICAST, subtypes.RIB_IPV4_UNICAST_ADDPATH))


def _prefix_text(prefix: Prefix) -> str:
    """An UPDATE's prefix, host bits cleared."""
    if prefix.afi == AFI_IPV4:
        return str(prefix)
    return f"{ipv6_text(prefix.packed)}/{prefix.length}"


def _rib_prefix(octets: bytes, bits: int, width: int) -> str:
    """A RIB's prefix, the octets as they are."""
    return f"{address_text(octets[:width].ljust(width, bytes(1)))}/{bits}"


def _head(event: Event) -> tuple[str, str] | None:
    """Format name and time of a BGP4MP record, or its predecessor; ``None`` for the types bgpdump does not know."""
    name = _NAMES.get(event.mrt_type or 0)
    return None if name is None else (name, time_text(event))


def _peer_text(address: Address | None, asn: int | None) -> str:
    return f"{_NO_ADDRESS if address is None else address_text(bytes(address))}|{asn}|"


def _own_field(route: Route) -> frozenset[Prefix]:
    """What stands in the UPDATE's own field of such routes, and not in MP_REACH_NLRI or MP_UNREACH_NLRI."""
    update = route.update
    if update is None:
        return frozenset()
    return frozenset((update.withdrawn if route.type == "W" else update.nlri).values)


def _unknown_family(peer: Peer) -> bool:
    """Whether addresses of a family that bgpdump does not know stand before the message."""
    return peer.address is None and peer.interface is not None


def _table_dump(route: Route | Run, prefix: bytes, peer: Callable[[Peer], str]) -> str:
    """Peer and prefix of a TABLE_DUMP entry; the octets of the prefix have its length in front."""
    data, subtype = route.event.octets, route.event.mrt_subtype
    width = 4 if subtype in (subtypes.AFI_IPV4, subtypes.AFI_IPV4_AS4) else 16
    octets, bits = data[4 : 4 + width], data[4 + width]
    if prefix != bytes((bits,)) + octets[: (bits + 7) >> 3]:
        # Not the first entry: a prefix keeps its stray host bits up to the octet's end.
        octets, bits = prefix[1:], prefix[0]
    if subtype == subtypes.AFI_IPV6_AS4:
        who = f"{address_text(bytes(route.peer.address or b'')[:4])}|{route.peer.asn}|"
        return who + _rib_prefix(octets, bits, 4)
    return peer(route.peer) + _rib_prefix(octets, bits, width)


def formatter() -> Callable[[Route], str]:
    """A function that gives the line of a route, its newline included; ``""`` for what bgpdump does not print.

    It remembers what the routes of one record share, so give it the routes in the order they come.
    """
    last_attributes: PathAttributes | None = None
    last_event: Event | None = None
    own: dict[str, frozenset[Prefix]] = {}
    announce = withdraw = withdraw6 = ""
    printed = add_path = False

    fields = per_block(Fields)
    fields_of_run = per_run(lambda run: Fields(run.attributes))
    texts = run_texts(ipv6=lambda octets: _prefix_text(Prefix._of(octets, AFI_IPV6, None)))
    peer = per_peer(lambda who: _peer_text(who.address, who.asn))

    def head(route: Route | Run) -> bool:
        """The fields in front of the prefix; whether bgpdump prints this UPDATE at all."""
        nonlocal announce, withdraw, withdraw6, add_path
        event, attributes = route.event, route.attributes
        assert attributes is not None
        found = _head(event)
        if found is None:
            return False
        name, time = found
        if event.mrt_type == mrt.BGP:
            who = peer(route.peer)
            announce, withdraw, add_path = f"{name}|{time}|A|{who}", f"{name}|{time}|W|{who}", False
            return True
        if not event.octets.startswith(_MARKER) or _unknown_family(route.peer):
            return False
        subtype = event.mrt_subtype or 0
        local = subtype in (subtypes.BGP4MP_MESSAGE_LOCAL, subtypes.BGP4MP_MESSAGE_AS4_LOCAL)
        add_path = subtype in _ADD_PATH
        name += ("_LOCAL" if local else "") + ("_AP" if add_path else "")
        who = peer(route.peer)
        if subtype >= subtypes.BGP4MP_MESSAGE_LOCAL_ADDPATH:
            who = _peer_text(route.peer.local_address, route.peer.local_asn)
        announce = f"{name}|{time}|A|{who}"
        withdraw = withdraw6 = f"{name}|{time}|W|{who}"
        octets = bytes(4) if route.peer.address is None else bytes(route.peer.address)
        if local and len(octets) == 4:
            # It prints the peer's address as IPv6 here although it is IPv4.
            withdraw6 = f"{name}|{time}|W|{ipv6_text(octets + bytes(12))}|{route.peer.asn}|"
        return True

    def update(route: Route) -> str:
        nonlocal last_attributes, printed
        nlri = route.nlri
        if route.attributes is not last_attributes:
            last_attributes = route.attributes
            own.clear()
            printed = head(route)
        if not printed or type(nlri) is not Prefix:
            return ""
        if route.event.mrt_type == mrt.BGP:
            return legacy(route)
        six = nlri.afi == AFI_IPV6
        text = _prefix_text(nlri)
        if add_path:
            text = f"{text}|{nlri.path_id}"
        if route.type == "W":
            return f"{withdraw6 if six else withdraw}{text}\n"
        assert last_attributes is not None
        shared = fields(last_attributes)
        rest = shared.mp6 if six else shared.body
        if not six and shared.mp4 is not None and not in_own_field(route):
            rest = shared.mp4
        return f"{announce}{text}|{rest}"

    def in_own_field(route: Route) -> bool:
        found = own.get(route.type)
        if found is None:
            found = own[route.type] = _own_field(route)
        return route.nlri in found

    def legacy(route: Route) -> str:
        """MRT type 5, of which bgpdump prints nothing but what stands in the UPDATE's own fields."""
        attributes = route.attributes
        assert attributes is not None
        assert isinstance(route.nlri, Prefix)
        if (MP_REACH_NLRI in attributes or MP_UNREACH_NLRI in attributes) and not in_own_field(route):
            return ""
        text = _prefix_text(route.nlri)
        return f"{withdraw}{text}\n" if route.type == "W" else f"{announce}{text}|{fields(attributes).legacy}"

    def rib(route: Route) -> str:
        assert route.attributes is not None
        before = rib_head(route, bytes(route.nlri), route.path_id)  # type: ignore[arg-type]
        return f"{before}|{fields(route.attributes).mp6}" if before else ""

    def rib_head(route: Route | Run, prefix: bytes, path_id: int | None) -> str:
        """What stands in front of the attributes of a RIB entry; ``""`` for what bgpdump does not print."""
        nonlocal last_event, announce
        event = route.event
        if event.mrt_type == mrt.TABLE_DUMP:
            return f"TABLE_DUMP|{event.seconds}|B|{_table_dump(route, prefix, peer)}"
        subtype = event.mrt_subtype or 0
        name = _RIB.get(subtype) if event.mrt_type == mrt.TABLE_DUMP_V2 else None
        if name is None:
            return ""
        if event is not last_event:
            last_event = event
            data = event.octets
            bits = data[4]
            octets = data[5 : 5 + ((bits + 7) >> 3)]
            announce = _rib_prefix(octets, bits, 4 if subtype in _RIB_IPV4 else 16)
        path = f"|{path_id}" if subtype >= subtypes.RIB_IPV4_UNICAST_ADDPATH else ""
        return f"{name}|{event.seconds}|B|{peer(route.peer)}{announce}{path}"

    def state(route: Route) -> str:
        event = route.event
        found = _head(event)
        # Old writers left the addresses out; of those it knows the form with 2-octet AS numbers alone.
        size = len(event.octets) - (4 if event.mrt_type == mrt.BGP4MP_ET else 0)
        known = event.mrt_type == mrt.BGP or size in _STATE_SIZES
        if found is None or route.states is None or not known:
            return ""
        old, new = route.states
        return f"{found[0]}|{found[1]}|STATE|{peer(route.peer)}{old}|{new}\n"

    by_type = {"A": update, "W": update, "R": rib, "S": state}

    def line(route: Route) -> str:
        return by_type[route.type](route)

    def of_run(run: Run) -> tuple[str, list[str], str] | None:
        nonlocal last_attributes, printed
        if run.kind == "R":
            path_id = None if run.path_ids is None else run.path_ids[0]
            before = rib_head(run, run.octets[0], path_id)
            return (before, ["|"], fields_of_run(run).mp6) if before else ("", [], "")
        six = run.place[0] == AFI_IPV6
        if run.event.mrt_type == mrt.BGP or (run.place[2] and not six):
            return None
        if run.attributes is not last_attributes:
            last_attributes = run.attributes
            own.clear()
            printed = head(run)
        if not printed:
            return "", [], ""
        prefixes = texts(run)
        if add_path and run.path_ids is not None:
            prefixes = [f"{text}|{path_id}" for text, path_id in zip(prefixes, run.path_ids, strict=True)]
        if run.kind == "W":
            return withdraw6 if six else withdraw, prefixes, "\n"
        shared = fields_of_run(run)
        return announce, prefixes, "|" + (shared.mp6 if six else shared.body)

    return of_runs(line, of_run)
