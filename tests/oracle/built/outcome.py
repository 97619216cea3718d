"""What each peer makes of all that is built."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from oracle import Outcome
from oracle.built import exabgp, gobgp, messages, recorded, shapes, tshark, updates
from oracle.built.compare import differences, noticed
from oracle.built.settled import octets_differ, reason, unused

if TYPE_CHECKING:
    from oracle.built import Case
    from oracle.built.compare import Difference


_VECTORS = "the vectors"


@cache
def cases() -> tuple[Case, ...]:
    """Everything that is built; each has a name of its own."""
    out = (*updates.cases(), *shapes.cases(), *messages.cases())
    if len({case.name for case in out}) != len(out):
        raise AssertionError("two cases of one name")
    return out


def built_tshark() -> Outcome | str:
    """tshark, by its PDML."""
    return _outcome("tshark", tshark)


def built_gobgp() -> Outcome | str:
    """GoBGP, by the log of a daemon that takes the messages."""
    return _outcome("gobgp", gobgp)


def built_exabgp() -> Outcome | str:
    """ExaBGP, by the JSON of what it decodes."""
    return _outcome("exabgp", exabgp)


def record() -> None:
    """Keep which messages are shown whole: from then on each of them must be."""
    recorded.record({version: names for version, names in _whole.items() if version != _VECTORS})


def built_vectors() -> Outcome:
    """The octets of the vectors, which a text, a peer or a capture confirms (tests/vectors/README.md)."""
    settled, wrong, agree = Counter[str](), [], _whole.setdefault(_VECTORS, set())
    some = [case for case in cases() if case.wire]
    for case in some:
        why = octets_differ(case)
        if case.wire in case.octets:
            agree.add(case.name)
        elif why is not None:
            settled[why] += 1
        else:
            wrong.append(f"{case.name}, {case.octets.hex()}: not {case.wire.hex()}")
    return Outcome("what is built, the octets of the vectors", len(agree), settled, wrong)


def built_together() -> Outcome:
    """What at least one of the peers shows whole, or has the octets of its vector."""
    agree = set().union(*_whole.values())
    left = Counter({"no peer": len(cases()) - len(agree)})
    return Outcome(f"what is built, by {', '.join(_whole)}: whole by at least one", len(agree), left, [])


_whole: dict[str, set[str]] = {}
"""The names of the cases of which a peer shows all, by its version; and of those that have a vector's octets."""


def _outcome(name: str, peer: Any) -> Outcome | str:
    answers = peer.ask(cases())
    if isinstance(answers, str):
        return answers
    settled, wrong = Counter[str](), []
    total = caught = 0
    version = peer.version()
    before = recorded.whole(version)
    whole = _whole.setdefault(version, set())
    for case in cases():
        said = answers[case.name]
        found: list[Difference | str] = [said] if isinstance(said, str) else []
        if not isinstance(said, str):
            found += differences(case, said, name == "tshark")
            compared, other = noticed(case, said)
            total, caught = total + compared, caught + other
        why = [reason(name, case, difference) for difference in found]
        if case.name in before:
            why = [None for _ in found]
        if not found:
            whole.add(case.name)
        elif None in why:
            left = [difference for difference, known in zip(found, why, strict=True) if known is None]
            wrong.append(f"{case.name}, {case.octets.hex()}: {left}")
        else:
            settled[str(why[0])] += 1
    title = f"what is built, {version} ({total} values compared, {caught} of them so that another is noticed"
    stale = unused(name)
    return Outcome(f"{title}{f'; rules of no use: {stale}' if stale else ''})", len(whole), settled, wrong)
