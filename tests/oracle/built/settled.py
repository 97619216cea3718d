"""Differences that are settled: whose they are, and which text says so.

docs/coverage.toml has what each peer makes of each feature, with the RFC of it: where a row of the vector's file says
that a peer does not complete it, what was put into that feature may come back in part. What that does not explain is
in rules.py, or open; and so is what the same version of the peer once showed whole (recorded.py).
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from oracle import ROOT, SETTLED
from oracle.built.gobgp import COUNTED, NO_EXTENDED, NOT_KNOWN, OTHER_AS
from oracle.built.rules import OCTETS, RULES

if TYPE_CHECKING:
    from oracle.built import Case
    from oracle.built.compare import Difference

REASONS: dict[str, str] = SETTLED | {
    "no peer": "docs/coverage.toml: no peer shows all of it; why not is said above, peer by peer",
    "octets of labels withdrawn": "RFC 8277 2.4: 0x800000 stands for the labels, whatever they were",
    "octets of labels": "RFC 8277 2.2, 2.3: the last label has the S bit, the traffic class is 0",
    "octets of host bits": "RFC 4271 4.3: what is behind the prefix has no meaning, and is 0",
    "octets of IPv4 unicast": "RFC 4271 4.3: IPv4 unicast with an IPv4 next hop stands in the NLRI field",
    "octets of one value": "RFC 8092 5, RFC 6514 8: no large community twice; what a value does not say is 0",
    "coverage -": "docs/coverage.toml, with the RFC of each row: the peer shows nothing of it",
    "coverage raw": "docs/coverage.toml, with the RFC of each row: the peer shows octets or a number alone",
    "coverage part": "docs/coverage.toml, with the RFC of each row: the peer shows a part of it",
    "coverage wrong": "docs/coverage.toml, with the RFC of each row: the peer shows a value that is not in the octets",
    "coverage breaks": "docs/coverage.toml, with the RFC of each row: the peer refuses it",
    "tshark not known": "RFC 4271 5, 9: what is not known is kept; tshark 4.0 names it and leaves out what is in it",
    "tshark stops": "RFC 7606 5.3, RFC 9012 13: the lengths are right; tshark 4.0 takes what is in them for malformed",
    "tshark IPv4 alone": "RFC 6514 5, RFC 6388 2.2: the length tells IPv4 from IPv6; tshark 4.0 reads IPv4",
    "tshark layout": "RFC 6624 3.1, RFC 6514 10, RFC 6368 5, RFC 9552 5.2.1.4, 4761 3.2.4: tshark 4.0 reads otherwise",
    "tshark words": "RFC 5492 4, RFC 8955 4.2, RFC 9251 9.1: shown in words of its own, by bits, or cut for the screen",
    "gobgp family": "RFC 4760 6: a family that is not known is left alone; GoBGP 3 does not decode this one",
    "gobgp long message": "RFC 8654 4: only with the capability, which GoBGP 3 has not",
    "gobgp other AS": "RFC 4271 6.2: an OPEN of another AS number than configured is refused",
    "gobgp open": "RFC 4271 6.2, RFC 6793 4.1: version and AS_TRANS are looked at, and not shown",
    "gobgp refresh": "RFC 2918 4: GoBGP takes the ROUTE-REFRESH, counts it, and shows no more of it",
    "gobgp path identifier": "RFC 7911 3: read, or the NLRI behind would be another; GoBGP's log leaves it out",
    "gobgp next hop": "RFC 2545 3, RFC 4364 4.3.2: a second address, a distinguisher: read, and not in GoBGP's log",
    "gobgp AS width": "RFC 6793 4.1: capability 65 of both sides tells it; GoBGP guesses by the octets",
    "gobgp confederation": "RFC 5065 5: segments of a confederation are an error from a peer that is not in it",
    "gobgp summary": "RFC 9552 5.2, 5.3: read, and shown as one line without descriptors, or left out where it is 0",
    "gobgp words": "RFC 7432 5, RFC 9830 2.1, RFC 8955 4.2: octets shown as text, as bits, or in a form of its own",
    "gobgp not known": "RFC 4271 5, 9: what is not known is kept; GoBGP keeps it and shows nothing of it",
    "gobgp refuses": "RFC 7606 5.4, RFC 9552 8.2.2, RFC 9012 13: not known or not readable: passed over; GoBGP refuses",
    "gobgp layout": "RFC 4684 4, RFC 7911 3, RFC 4761 3.2.2: a shorter or longer NLRI is sound; GoBGP wants one length",
    "gobgp stops": "RFC 9252 2, RFC 9830 2.4.2: sound; GoBGP 3.10 refuses what is behind, or the daemon ends",
    "exabgp family": "RFC 4760 6: a family that is not known is left alone; ExaBGP 5.0 does not decode this one",
    "exabgp refuses": "RFC 5291 4, RFC 9552 5.2.1.4, RFC 8955 4: sound; ExaBGP 5.0 refuses the length or the type",
    "exabgp next hop": "RFC 4659 3.2.1.1, RFC 4364 4.3.2, RFC 4760 3: another length, another RD; ExaBGP 5.0 refuses",
    "exabgp labels": "RFC 8277 2.3: the stack ends at the label with the S bit; ExaBGP 5.0 reads one label for IPv6",
    "exabgp path identifier": "RFC 7911 3: read, or the NLRI behind would be another; ExaBGP leaves it out of its JSON",
    "exabgp not known": "RFC 4271 5, 9: what is not known is kept; ExaBGP 5.0 shows its octets as a whole",
    "exabgp not transitive": "RFC 4271 9: optional, not transitive and not known: ExaBGP passes over it, as it should",
    "exabgp words": "RFC 8955 4.2, RFC 4724 3: shown in words of its own, by bits, or not where a name says it",
    "exabgp empty AS_PATH": "RFC 4271 5.1.2: an empty AS_PATH is an attribute; ExaBGP 5.0 leaves it out",
    "exabgp layout": "RFC 9552 5.3.2.4, RFC 9135 5.1: six bits of a metric, a second label; ExaBGP 5.0 reads otherwise",
}

used: set[tuple[str, str, str, str]] = set()
"""The rules that something was settled by."""


def reason(peer: str, case: Case, difference: Difference | str) -> str | None:
    """Why a difference is settled: a key of :data:`REASONS`; ``None`` where it is open.

    A text is what the peer said in place of the message: that it refuses it, or was not asked.
    """
    if isinstance(difference, str):
        return _of_refusal(peer, case, difference)
    if peer == "tshark":
        if len(case.octets) > 4096:
            return "tshark long message"
        if case.add_path:
            return "tshark ADD-PATH"
        if case.kind == "open" and case.octets[29:30] == b"\xff":
            return "tshark extended OPEN"
    if difference.place.split(".")[-1] == "path_id" or (
        difference.place == "" and difference.value in (70_001, 70_002)
    ):
        return f"{peer} path identifier" if case.add_path else None
    return (_coverage(peer, case) if difference.part in case.own else None) or _by_rule(peer, case, difference.part)


def octets_differ(case: Case) -> str | None:
    """Why what is built of a vector's values has other octets than the vector, as :func:`reason`."""
    if case.name.startswith("withdraw ") and case.family is not None and case.family[1] in (4, 76, 128):
        return "octets of labels withdrawn"
    return next((f"octets of {why}" for pattern, why in OCTETS if fnmatchcase(case.name, pattern)), None)


def _of_refusal(peer: str, case: Case, text: str) -> str | None:
    known = {NOT_KNOWN: "gobgp family", NO_EXTENDED: "gobgp long message", OTHER_AS: "gobgp other AS"}
    known[COUNTED] = "gobgp refresh"
    if text in known:
        return known[text]
    if peer == "exabgp" and "non-negotiated family" in text:
        return "exabgp family"
    return _coverage(peer, case) or _by_rule(peer, case, "refused")


def _by_rule(peer: str, case: Case, part: str) -> str | None:
    where = case.vector.removeprefix("tests/vectors/").removesuffix(".json")
    for pattern, parts, why in RULES[peer]:
        if fnmatchcase(part, parts) and (fnmatchcase(where, pattern) or fnmatchcase(case.name, pattern)):
            used.add((peer, pattern, parts, why))
            return f"{peer} {why}"
    return None


def _coverage(peer: str, case: Case) -> str | None:
    """What the rows of the vector's file say of the peer, where one says that it does not complete it."""
    worse = [verdict for verdict in _rows().get((peer, case.vector), ()) if verdict != "Y"]
    return f"coverage {worse[0]}" if worse else None


@cache
def _rows() -> dict[tuple[str, str], list[str]]:
    document = tomllib.loads((ROOT / "docs" / "coverage.toml").read_text("utf-8"))
    peers = [name.lower() for name in document["peers"]]
    out: dict[tuple[str, str], list[str]] = {}
    for row in document["row"]:
        for vector in row.get("vectors", ()):
            for peer, verdict in zip(peers, row["peers"], strict=True):
                out.setdefault((peer, vector), []).append(verdict)
    return out


def unused(peer: str) -> list[tuple[str, str, str]]:
    """The rules of a peer that settle nothing."""
    return [rule for rule in RULES[peer] if (peer, *rule) not in used]
