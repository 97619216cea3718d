"""UPDATEs of what the vectors expect: values as JSON, through ``Update.announce`` and ``Update.withdraw``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from support.context import session as session_of
from support.vectors import ABSENT, FOLDER, VECTORS

import bgpwire
from oracle.built import Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from support.vectors import Vector

HOP, HOP6 = "192.0.2.1", "2001:db8::1"
PATH = "64500 64501"
IPV4, IPV6 = (1, 1), (2, 1)
_FLOW = (133, 134)
MP_REACH = 14
MADE = (MP_REACH, 15, 17, 18)
"""Attributes that are made of routes, and of what a session of 2-octet AS numbers leaves over."""


def cases() -> Iterator[Case]:
    """All UPDATEs."""
    for vector in VECTORS:
        if vector.expected is ABSENT or vector.error is not None or malformed(vector.expected):
            continue
        for case in _of(vector):
            yield replace(case, vector=named(vector), own=own(vector), wire=vector.data)


def own(vector: Vector) -> frozenset[str]:
    """The parts of an UPDATE that have what the vector is about."""
    if vector.kind == "nlri":
        return frozenset(("nlri", "withdrawn"))
    if vector.kind == "as_path":
        return frozenset(("attribute 2",))
    code = vector.get("code") if vector.kind == "attribute" else _COMMUNITIES[vector.kind][0]
    return frozenset(("next hop",) if code == MP_REACH else (f"attribute {code}",))


def named(vector: Vector) -> str:
    """The file of a vector, as docs/coverage.toml names it."""
    return f"tests/vectors/{vector.path.relative_to(FOLDER).as_posix()}"


def _of(vector: Vector) -> Iterator[Case]:
    if vector.kind == "nlri" and vector.expected:
        yield from _of_nlri(vector)
    elif vector.kind == "attribute" and vector.get("code") == MP_REACH:
        yield from _of_reach(vector)
    elif vector.kind == "as_path" or (vector.kind == "attribute" and vector.get("code") not in MADE):
        yield from _of_attribute(vector)
    elif vector.kind in _COMMUNITIES:
        yield from _of_community(vector)


def malformed(form: Any) -> bool:
    """Whether a part of the value is one that no decoder can read: that is decoded, and not built."""
    if isinstance(form, dict):
        return "error" in form or any(map(malformed, form.values()))
    return isinstance(form, list) and any(map(malformed, form))


def announced(
    name: str, forms: list[Any], session: bgpwire.Session, family: tuple[int, int], hop: Any, **fields: Any
) -> Iterator[Case]:
    """The UPDATEs that announce ``forms``, with ``fields`` as their attributes: text or the JSON of these."""
    path = fields.pop("as_path", PATH)
    path_id = fields.pop("path_id", None)
    given = {name: value for name, (value, _) in fields.items()} | ({} if path is None else {"as_path": path})
    update = bgpwire.Update.announce(forms, family=family, next_hop=hop, path_id=path_id, **given)
    at = 0
    for number, message in enumerate(update.messages(session)):
        reach = message.attributes.mp_reach
        count = len(reach.nlri if reach is not None else message.nlri)
        put: dict[str, Any] = {"attribute 1": "igp", "attribute 2": re.findall(r"\d+", str(path or ""))}
        put["nlri"] = forms[at : at + count], path_id
        if hop is not None:
            put["next hop"] = hop
        for _, scopes in fields.values():
            put |= scopes
        at += count
        codes = tuple(attribute.code for attribute in message.attributes)
        yield Case(f"{name} {number}" if number else name, "update", bytes(message), session, put, family, codes)
    if at != len(forms):
        raise AssertionError(f"{name}: {at} NLRI of {len(forms)}")


def withdrawn(
    name: str, forms: list[Any], session: bgpwire.Session, family: tuple[int, int], path_id: int | None = None
) -> Iterator[Case]:
    """The UPDATEs that withdraw ``forms``: what stands for labels is no value (RFC 8277 section 2.4)."""
    told = [{k: v for k, v in f.items() if k != "labels"} if isinstance(f, dict) else f for f in forms]
    at = 0
    for number, message in enumerate(bgpwire.Update.withdraw(forms, family=family, path_id=path_id).messages(session)):
        unreach = message.attributes.mp_unreach
        count = len(unreach.nlri if unreach is not None else message.withdrawn)
        put = {"withdrawn": (told[at : at + count], path_id)}
        at += count
        codes = tuple(attribute.code for attribute in message.attributes)
        title = f"withdraw {name} {number}" if number else f"withdraw {name}"
        yield Case(title, "update", bytes(message), session, put, family, codes)
    if at != len(forms):
        raise AssertionError(f"withdraw {name}: {at} NLRI of {len(forms)}")


def hop_of(family: tuple[int, int]) -> str | None:
    """A next hop that the family may have."""
    if family[1] in _FLOW:
        return None
    return HOP6 if family[0] == 2 else HOP


def sender(vector: Vector) -> bgpwire.Session:
    """The vector's session, as the side has it that sends."""
    found = session_of(bgpwire, vector)
    return replace(found, add_path_send=found.add_path, extended_message=len(vector.data) > 4000)


def _of_nlri(vector: Vector) -> Iterator[Case]:
    family = vector.get("afi"), vector.get("safi")
    session = sender(vector)
    forms = vector.expected
    if family in session.add_path and not all("path_id" in form for form in forms if isinstance(form, dict)):
        return  # a family whose NLRI cannot be told apart: path identifiers are no part of it
    if not vector.get("withdraw"):
        yield from announced(vector.name, forms, _labels(session, family, forms), family, hop_of(family))
    yield from withdrawn(vector.name, forms, session, family)


def _labels(session: bgpwire.Session, family: tuple[int, int], forms: Iterable[Any]) -> bgpwire.Session:
    """The session with several labels where a route has several (RFC 8277 section 2.1)."""
    if all(len(form.get("labels", ())) < 2 for form in forms if isinstance(form, dict)):
        return session
    return replace(session, multiple_labels=session.multiple_labels | {family})


def _of_reach(vector: Vector) -> Iterator[Case]:
    """Next hops of all kinds; two with route distinguishers, or one of no address, are octets."""
    form = vector.expected
    if not form.get("nlri") or {"reserved", "raw", "abbreviated"} & form.keys():
        return  # MRT's short forms, and what no sender writes
    family = bgpwire.Family(int.from_bytes(vector.data[:2]), vector.data[2])
    hop = told = form["next_hop"]
    if isinstance(hop, dict):
        if hop.keys() == {"address", "link_local"} and family.safi != 128:
            hop = hop["address"], hop["link_local"]
        else:
            hop = bgpwire.NextHop(vector.data[4 : 4 + vector.data[3]])
    session = sender(vector)
    if family.afi == 1 and vector.data[3] >= 16:
        session = replace(session, extended_next_hop={(*family, 2)})
    for case in announced(vector.name, form["nlri"], session, (int(family.afi), int(family.safi)), hop):
        yield replace(case, put=case.put | {"next hop": told})


def _of_attribute(vector: Vector) -> Iterator[Case]:
    code, form = vector.get("code", 2), vector.expected
    if code == 8:  # well-known ones have names
        form = [_community(text) for text in form]
    session = sender(vector)
    hop: Any = HOP
    fields: dict[str, Any] = {}
    scopes = {f"attribute {code}": form}
    match code:
        case 2:
            fields["as_path"] = bgpwire.AsPath.from_bytes(vector.data, session.asn4)
        case 3:
            hop = form
        case 7:
            fields["aggregator"] = f"{form['asn']} {form['address']}", scopes
        case 16:
            fields["extended_communities"] = _extended(form), scopes
        case _:
            raw = isinstance(form, str) and bytes.fromhex(form) == vector.data if _is_hex(form) else False
            known = _flags_known(code)
            fields["attributes"] = {code: vector.expected if known and not raw else vector.data}, scopes
    yield from announced(vector.name, ["192.0.2.0/24"], session, IPV4, hop, **fields)


def _community(text: str) -> str:
    number = int(bgpwire.Community(text))
    return f"{number >> 16}:{number & 0xFFFF}"


def _is_hex(form: Any) -> bool:
    return isinstance(form, str) and len(form) % 2 == 0 and all(c in "0123456789abcdef" for c in form)


def _flags_known(code: int) -> bool:
    from bgpwire.registry import ATTRIBUTES

    entry = ATTRIBUTES[code]
    return entry is not None and entry.flags is not None


def _extended(forms: list[Any]) -> bgpwire.ExtendedCommunities:
    """Extended communities of their JSON forms, which the keyword of ``announce`` does not take."""
    block = {"type": "update", "attributes": [{"code": 16, "value": forms}]}
    return bgpwire.Message.from_json(block).attributes.extended_communities


_COMMUNITIES = {
    "community": (8, "communities"),
    "large_community": (32, "large_communities"),
    "extended_community": (16, "extended_communities"),
    "ipv6_extended_community": (25, None),
}


def _of_community(vector: Vector) -> Iterator[Case]:
    code, name = _COMMUNITIES[vector.kind]
    scopes = {f"attribute {code}": [vector.expected if code != 8 else _community(vector.expected)]}
    if name is None:
        fields: dict[str, Any] = {"attributes": ({code: [vector.expected]}, scopes)}
    else:
        fields = {name: (_extended([vector.expected]) if code == 16 else [vector.expected], scopes)}
    yield from announced(vector.name, ["192.0.2.0/24"], sender(vector), IPV4, HOP, **fields)
