"""The shapes of sessions: what is announced in each, beside what the vectors have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from support.vectors import ABSENT, VECTORS

import bgpwire
from oracle.built import updates
from oracle.built.updates import HOP, HOP6, IPV4, IPV6, announced, hop_of, withdrawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.built import Case

LARGE = "4200000000"
_FAMILIES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 4), (2, 4), (1, 128), (2, 128))


def cases() -> Iterator[Case]:
    """All shapes."""
    yield from _every_keyword()
    yield from _as_numbers()
    yield from _path_identifiers()
    yield from _extended_messages()
    yield from _extended_next_hops()
    yield from _next_hops()
    yield from _several_labels()
    yield from _peers()


def route(family: tuple[int, int], labels: tuple[int, ...] = (100,)) -> Any:
    """A route of a family of prefixes, as JSON."""
    prefix = "2001:db8:1::/48" if family[0] == 2 else "198.51.100.0/24"
    if family[1] in (1, 2):
        return prefix
    form: dict[str, Any] = {"prefix": prefix, "labels": list(labels)}
    return form | ({"rd": "64500:1"} if family[1] == 128 else {})


def _every_keyword() -> Iterator[Case]:
    """Each attribute with a keyword of its own in one message, in each width of AS numbers."""
    fields: dict[str, Any] = {
        "med": (5, {"attribute 4": 5}),
        "local_pref": (200, {"attribute 5": 200}),
        "atomic_aggregate": (True, {"attribute 6": []}),
        "aggregator": ("64500 192.0.2.9", {"attribute 7": [64500, "192.0.2.9"]}),
        "communities": ("64500:100 64500:200", {"attribute 8": ["64500:100", "64500:200"]}),
        "originator_id": ("192.0.2.8", {"attribute 9": "192.0.2.8"}),
        "cluster_list": (["192.0.2.7", "192.0.2.6"], {"attribute 10": ["192.0.2.7", "192.0.2.6"]}),
        "extended_communities": (["rt:64500:1", "soo:192.0.2.1:7"], {"attribute 16": ["64500:1", "192.0.2.1:7"]}),
        "large_communities": (["64500:1:2"], {"attribute 32": ["64500:1:2"]}),
        "only_to_customer": (64501, {"attribute 35": 64501}),
    }
    for asn4 in (True, False):
        for origin in ("igp", "egp", "incomplete"):
            more = {"origin": (origin, {"attribute 1": origin})}
            name = f"every keyword, {origin}, {4 if asn4 else 2} octets"
            yield from announced(name, ["198.51.100.0/24"], bgpwire.Session(asn4=asn4), IPV4, HOP, **more, **fields)


def _as_numbers() -> Iterator[Case]:
    """RFC 6793 section 4.2.2: what has no room in two octets stands in AS4_PATH and AS4_AGGREGATOR as well."""
    path = f"64500 {LARGE} {{64501,{LARGE}}}"
    old = ["64500", "23456", "64501", "23456"]
    for asn4 in (True, False):
        session = bgpwire.Session(asn4=asn4)
        whole = path.replace("{", "").replace("}", "").replace(",", " ").split()
        scopes: dict[str, Any] = {"attribute 2": whole if asn4 else old}
        scopes["attribute 7"] = [LARGE if asn4 else 23456, "192.0.2.9"]
        if not asn4:
            scopes |= {"attribute 17": whole, "attribute 18": [LARGE, "192.0.2.9"]}
        for family in _FAMILIES:
            name = f"large AS numbers, {4 if asn4 else 2} octets, {bgpwire.Family(*family)}"
            fields = {"aggregator": (f"{LARGE} 192.0.2.9", scopes)}
            yield from announced(name, [route(family)], session, family, hop_of(family), as_path=path, **fields)


def _path_identifiers() -> Iterator[Case]:
    """RFC 7911: a first vector of each family, with an identifier before each NLRI."""
    seen: set[tuple[int, int]] = set()
    for vector in VECTORS:
        if (
            vector.kind != "nlri"
            or vector.expected in (ABSENT, [])
            or vector.error
            or updates.malformed(vector.expected)
        ):
            continue
        family = vector.get("afi"), vector.get("safi")
        identified = any("path_id" in form for form in vector.expected if isinstance(form, dict))
        if family in seen or identified or vector.get("withdraw") or vector.get("multiple_labels"):
            continue
        seen.add(family)
        session = bgpwire.Session(add_path_send={family}, multiple_labels={family})
        name = f"ADD-PATH, {bgpwire.Family(*family)}"
        made = {
            70_001: announced(name, vector.expected, session, family, hop_of(family), path_id=70_001),
            70_002: withdrawn(name, vector.expected, session, family, 70_002),
        }
        for number, cases in made.items():
            wire = number.to_bytes(4) + vector.data if len(vector.expected) == 1 else b""
            for case in cases:
                yield replace(case, vector=updates.named(vector), own=updates.own(vector), wire=wire)


def _extended_messages() -> Iterator[Case]:
    """RFC 8654: messages of more than 4,096 octets, and as many NLRI cut into several where there are none."""
    for family in (IPV4, IPV6):
        if family == IPV4:
            nlri: list[Any] = [f"10.{n >> 8}.{n & 255}.0/24" for n in range(1200)]
        else:
            nlri = [f"2001:db8:{n:x}::/48" for n in range(700)]
        for extended in (False, True):
            session = bgpwire.Session(extended_message=extended)
            name = f"{'extended message' if extended else 'several messages'}, {bgpwire.Family(*family)}"
            yield from announced(name, nlri, session, family, hop_of(family))
            yield from withdrawn(name, nlri, session, family)


def _extended_next_hops() -> Iterator[Case]:
    """RFC 8950: IPv4 routes whose next hop is an IPv6 address."""
    for family in ((1, 1), (1, 2), (1, 4), (1, 128)):
        session = bgpwire.Session(extended_next_hop={(*family, 2)})
        name = f"IPv6 next hop, {bgpwire.Family(*family)}"
        yield from announced(name, [route(family)], session, family, HOP6)
        if family[1] != 128:
            yield from announced(f"{name}, link-local", [route(family)], session, family, (HOP6, "fe80::1"))


def _next_hops() -> Iterator[Case]:
    """RFC 2545 section 3, RFC 4798 section 2, RFC 4659 section 3.2.1."""
    session = bgpwire.Session()
    for family in ((2, 1), (2, 2), (2, 4)):
        name = f"link-local next hop, {bgpwire.Family(*family)}"
        yield from announced(name, [route(family)], session, family, (HOP6, "fe80::1"))
    for family in ((2, 4), (2, 128)):
        name = f"mapped next hop, {bgpwire.Family(*family)}"
        yield from announced(name, [route(family)], session, family, HOP)
    for family in ((25, 70), (25, 65), (16388, 71)):
        vector = next(
            v for v in VECTORS if v.kind == "nlri" and (v.get("afi"), v.get("safi")) == family and not v.get("add_path")
        )
        name = f"IPv6 next hop, {bgpwire.Family(*family)}"
        yield from announced(name, vector.expected, session, family, HOP6)


def _several_labels() -> Iterator[Case]:
    """RFC 8277 section 2.1."""
    for family in ((1, 4), (2, 4), (1, 128), (2, 128)):
        session = bgpwire.Session(multiple_labels={family})
        for labels in ((100, 200), (16, 1_048_575, 3)):
            name = f"{len(labels)} labels, {bgpwire.Family(*family)}"
            yield from announced(name, [route(family, labels)], session, family, hop_of(family))


def _peers() -> Iterator[Case]:
    """What the session adds where no path is given (RFC 4271 sections 5.1.2 and 5.1.5)."""
    for ibgp in (True, False):
        session = bgpwire.Session(ibgp=ibgp, local_asn=64500)
        fields: dict[str, Any] = {"as_path": None}
        if ibgp:
            fields["med"] = 7, {"attribute 4": 7, "attribute 5": 100, "attribute 2": []}
        else:
            fields["med"] = 7, {"attribute 4": 7, "attribute 2": [64500]}
        yield from announced("internal peer" if ibgp else "external peer", [route(IPV4)], session, IPV4, HOP, **fields)
