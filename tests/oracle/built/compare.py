"""What was put in against what a peer shows: the differences of one case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from oracle.built.leaves import Words, altered, leaves, missing, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.built import Case


class Difference(NamedTuple):
    """A value that was put in and that the peer does not show.

    ``part`` is that of the message, ``place`` the member in it without its numbers (``tlvs.value``).
    """

    part: str
    place: str
    value: Any


_IDENTIFYING = re.compile(r"(^|\.)(type|subtype|code|class)$")
_OLD = {"attribute 2": "attribute 17", "attribute 7": "attribute 18"}


def differences(case: Case, said: dict[str, Words], numbers: bool) -> Iterator[Difference]:
    """What the peer does not show; all of a part that it does not have is one difference.

    ``numbers``: whether the peer shows the octets' own numbers of types and codes, and each attribute where it stands.
    One that does not names types, keeps MP_REACH_NLRI apart, and puts AS4_PATH and AS4_AGGREGATOR into what they
    complete (RFC 6793 section 4.2.3).
    """
    put = dict(case.put)
    ours = list(case.codes)
    if not numbers:
        for part, whole in _OLD.items():
            if whole in put:
                put[part] = put.pop(whole)
        ours = [code for code in ours if code not in (14, 15, 17, 18)]
    if "codes" in said and case.kind in ("update", "open"):
        yield from _codes([int(code) for code in said["codes"].octets], ours, numbers)
    for part, form in put.items():
        words = said.get(part, said.get("message"))
        if words is None and not numbers and part in _OLD:
            words = said.get(_OLD[part])
        if words is None:
            if form not in ([], {}, None):
                yield Difference(part, "", form)
            continue
        for leaf in missing(form, words):
            place = re.sub(r"(^|\.)\d+(?=\.|$)", "", leaf.path).strip(".")
            if numbers or not _IDENTIFYING.search(place):
                yield Difference(part, place, leaf.value)


def _codes(theirs: list[int], ours: list[int], numbers: bool) -> Iterator[Difference]:
    if not numbers:
        theirs = [7 if code == 18 else code for code in theirs if code not in (14, 15)]
        theirs, ours = sorted({*theirs}), sorted({*ours})
    if theirs != ours:
        yield Difference("codes", "", f"{theirs}, not {ours}")


def noticed(case: Case, said: dict[str, Words]) -> tuple[int, int]:
    """How many values of the case were compared, and how many others in their place would not have passed."""
    total = caught = 0
    for part, form in case.put.items():
        words = said.get(part, said.get("message"))
        for leaf in leaves(form) if words is not None else ():
            other = altered(leaf)
            if other is not None and words is not None and shown(leaf, words):
                total += 1
                caught += not shown(other, words)
    return total, caught
