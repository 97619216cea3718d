"""The look at the octets that spares decoding them: what it calls sound has no error in the full check, and what has
none is called sound, as far as it knows what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.context import message, session
from support.mutation import examples, mutated, repaired
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 32, 35}
UPDATES = [vector for vector in VECTORS if vector.kind in ("update", "message")]
PATHS = {True: "40020a02020000fde900010000", False: "40020602 02fde90001"}
ATTRIBUTES = (
    *("40010100", "40010102", "400200", "40020e 0202 0000fde9 00000001 0101 000000ff", "400304c0000201"),
    *("800404000000ff", "40050400000064", "400600", "c00708 0000fde9c0000201", "c00706 fde9c0000201"),
    *("c00804 fde80064", "e00808 fde80064fde80065", "800904c0000201", "800a08c0000201c0000202"),
    *("c01008 0002fde800000064", "c0200c 0000fde80000000100000002", "c02304 0000fde9"),
    "800e17 0001 01 04 c0000201 00 180a0001 20c0000201 00000000 00",
    "800e1a 0002 01 10 20010db8000000000000000000000001 00 2020010db8",
    "800e15 0002 02 10 fe800000000000000000000000000001 00",
    *("800f08 0002 01 2020010db8", "800f03 0001 01", "800f0c 0001 02 00000007 180a0001 00"),
    # what errors are made of
    *("40020a 0202 0000fde9 00000000", "400206 0202 fde9 0000", "a00e03 000201"),
    *("40010103", "4001020000", "c0010100", "40020402020000", "4002060201000000 00", "4003047f000001"),
    *("400304e0000001", "40030300", "c00708 00000000c0000201", "c00800", "c00803 fde800", "c02304 00000000"),
    *("800e09 0002 01 04 c0000201 00", "40090400000000", "a00404000000ff"),
)
RUNS = ("", "", "180a0001", "00", "20c0000201180a0001", "2120010db800", "000000070a0a00", "0000000718 0a0001", "180a")


@st.composite
def updates(draw: Any) -> bytes:
    """An UPDATE of attributes in any order, some of them twice or wrong, with prefixes around them."""
    usual = draw(st.booleans())
    pieces: Sequence[str] = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=6))
    if usual:
        pieces = [
            "40010100",
            PATHS[draw(st.booleans())],
            "400304c0000201",
            *draw(st.sampled_from((["40050400000064"], []))),
            *pieces[:2],
        ]
    block = bytearray(bytes.fromhex("".join(pieces)))
    withdrawn, nlri = (bytes.fromhex(draw(st.sampled_from(RUNS)).replace(" ", "")) for _ in range(2))
    body = bytearray(len(withdrawn).to_bytes(2) + withdrawn + len(block).to_bytes(2) + block + nlri)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return message(2, bytes(body))


SESSIONS = st.fixed_dictionaries(
    {
        "asn4": st.booleans(),
        "ibgp": st.sampled_from((None, True, False)),
        "add_path": st.sampled_from(((), ((1, 1),), ((2, 1), (1, 2)), ((2, 2),), "all")),
    }
)


def _session(package: Any, fields: dict[str, Any]) -> Any:
    every = package.every_family.ALL_FAMILIES
    return package.Session(**(fields | {"add_path": every if fields["add_path"] == "all" else fields["add_path"]}))


def _is_known(update: Any) -> bool:
    """Whether it has nothing but what the look at octets knows."""
    codes = {attribute.code for attribute in update.attributes.walk()}
    parts = [part for part in (update.attributes.mp_reach, update.attributes.mp_unreach) if part is not None]
    return codes <= KNOWN and all(part.afi in (1, 2) and part.safi in (1, 2) for part in parts)


def _check(package: Any, data: bytes, found: Any) -> bool:
    """The answer, after it was compared with the full check."""
    from bgpwire.attribute.check import update_errors

    answer: bool = package._impl.is_sound(data, found)
    try:
        update = package.Message.decode(data, found)
    except package.DecodeError:
        assert answer is False
        return answer
    if update.name != "update":
        return answer
    errors = update_errors(update)
    assert list(map(repr, update.errors)) == list(map(repr, errors))
    assert update.action == min((e.action for e in errors), key=list(package.Action).index, default=None)
    if answer:
        assert errors == []
    elif _is_known(update):
        assert errors
    return answer


def _alike(both: list[Any], data: bytes, fields: dict[str, Any] | Vector) -> bool:
    answers = []
    for one in both:
        with one.active() as package:
            found = session(package, fields) if isinstance(fields, Vector) else _session(package, fields)
            answers.append(_check(package, data, found))
    assert len(set(answers)) == 1
    return answers[0]


def test_made_updates(both: list[Any]) -> None:
    answers = []

    @given(data=updates(), fields=SESSIONS)
    @settings(max_examples=examples(600))
    def run(data: bytes, fields: dict[str, Any]) -> None:
        answers.append(_alike(both, data, fields))

    run()
    assert {*answers} == {True, False}


ORIGIN, PATH, HOP = "40010100", "40020602010000fde9", "400304c0000201"
USUAL = ORIGIN + PATH + HOP
IBGP = {"ibgp": True}
EBGP = {"ibgp": False}
CASES: dict[str, tuple[str, str, dict[str, Any], bool]] = {
    "usual": (USUAL, "180a0001", {}, True),
    "usual, of an external peer": (USUAL, "180a0001", EBGP, True),
    "no NLRI, and so nothing that has to be there": (ORIGIN, "", IBGP, True),
    "no ORIGIN": (PATH + HOP, "180a0001", {}, False),
    "no AS_PATH": (ORIGIN + HOP, "180a0001", {}, False),
    "no NEXT_HOP": (ORIGIN + PATH, "180a0001", {}, False),
    "no LOCAL_PREF of an internal peer": (USUAL, "180a0001", IBGP, False),
    "LOCAL_PREF of an internal peer": (USUAL + "40050400000064", "180a0001", IBGP, True),
    "LOCAL_PREF of an external peer": (USUAL + "40050400000064", "180a0001", EBGP, False),
    "ORIGINATOR_ID of an external peer": (USUAL + "800904c0000201", "180a0001", EBGP, False),
    "CLUSTER_LIST of an external peer": (USUAL + "800a04c0000201", "180a0001", EBGP, False),
    "AS 0 at the end": (ORIGIN + "40020a02020000fde900000000" + HOP, "180a0001", {}, False),
    "AS 0 across two numbers": (ORIGIN + "40020a02020001000000000001" + HOP, "180a0001", {}, True),
    "AS 0 of 2 octets": (ORIGIN + "4002060202fde90000" + HOP, "180a0001", {"asn4": False}, False),
    "a next hop of multicast": (ORIGIN + PATH + "400304e0000001", "180a0001", {}, False),
    "a next hop below": (ORIGIN + PATH + "400304df000001", "180a0001", {}, True),
    "a next hop of loopback": (ORIGIN + PATH + "4003047f000001", "180a0001", {}, False),
    "a next hop of 0.0.0.0/8": (ORIGIN + PATH + "40030400000001", "180a0001", {}, False),
    "an attribute twice": (USUAL + ORIGIN, "180a0001", {}, False),
    "Partial on ORIGIN": ("60010100" + PATH + HOP, "180a0001", {}, False),
    "Partial on MULTI_EXIT_DISC": (USUAL + "a0040400000001", "180a0001", {}, False),
    "Partial on COMMUNITIES": (USUAL + "e00804fde80064", "180a0001", {}, True),
    "low bits of flags": ("4f010100" + PATH + HOP, "180a0001", {}, True),
    "an unknown attribute": (USUAL + "c0ff00", "180a0001", {}, False),
    "AS4_PATH": (USUAL + "c0110602010000fde9", "180a0001", {"asn4": False}, False),
    "a prefix too long": (USUAL, "210a00000000", {}, False),
    "a prefix over the end": (USUAL, "180a00", {}, False),
    "path identifiers": (USUAL, "00000007180a0001", {"add_path": [(1, 1)]}, True),
    "path identifiers of another family": (USUAL, "180a0001", {"add_path": [(2, 1)]}, True),
    "half a path identifier": (USUAL, "000000", {"add_path": [(1, 1)]}, False),
    "MP_REACH_NLRI": (ORIGIN + PATH + "800e1a0002011020010db8000000000000000000000001002020010db8", "", {}, True),
    "MP_REACH_NLRI alone": ("800e1a0002011020010db8000000000000000000000001002020010db8", "", {}, False),
    "a next hop of another family": (ORIGIN + PATH + "800e0e00020104c0000201002020010db8", "", {}, False),
    "a family that is rarer": (ORIGIN + PATH + "800e0e00010404c00002010000", "", {}, False),
}


@pytest.mark.parametrize("case", CASES)
def test_one_thing_at_a_time(impl: Any, case: str) -> None:
    attributes, nlri, fields, sound = CASES[case]
    block, routes = bytes.fromhex(attributes), bytes.fromhex(nlri)
    data = message(2, bytes(2) + len(block).to_bytes(2) + block + routes)
    assert _check(impl, data, impl.Session(**fields)) is sound


def test_mutated_vectors(both: list[Any]) -> None:
    @given(vector=mutated([v if v.kind == "message" else v.with_data(message(2, v.data)) for v in UPDATES]))
    @settings(max_examples=examples(300))
    def run(vector: Vector) -> None:
        fixed = repaired(vector)
        if len(fixed.data) > 18 and fixed.data[18] == 2:
            _alike(both, fixed.data, fixed)

    run()


@pytest.mark.parametrize("vector", [vector for vector in UPDATES if vector.kind == "update"], ids=repr)
def test_vectors(both: list[Any], vector: Vector) -> None:
    _alike(both, message(2, vector.data), vector)


@pytest.mark.parametrize("size", range(19, 23))
def test_too_short(impl: Any, size: int) -> None:
    assert not impl._impl.is_sound(message(2, bytes(size - 19)), impl.Session())
    assert not impl._impl.is_sound(b"", impl.Session())


def test_the_usual_ones_need_no_more(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an UPDATE with every attribute that is known nothing is decoded."""
    import bgpwire.message.update

    def fails(update: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(bgpwire.message.update, "update_errors", fails)
    fields = {
        "as_path": "64500 {64501,64502}",
        "med": 1,
        "local_pref": 100,
        "atomic_aggregate": True,
        "aggregator": "64500 192.0.2.1",
        "communities": ["64500:1"],
        "originator_id": "192.0.2.1",
        "cluster_list": ["192.0.2.1"],
        "extended_communities": ["rt:64500:1"],
        "large_communities": ["64500:1:2"],
        "only_to_customer": 64500,
    }
    count = 0
    for asn4 in (False, True):
        for ibgp in (None, True):
            found = impl.Session(asn4=asn4, ibgp=ibgp, add_path_send=[(2, 1)])
            for prefix, hop, path_id in (("192.0.2.0/24", "192.0.2.1", None), ("2001:db8::/32", "2001:db8::1", 7)):
                for each in (
                    impl.Update.announce([prefix], next_hop=hop, path_id=path_id, **fields),
                    impl.Update.withdraw([prefix], path_id=path_id),
                ):
                    for sent in each.messages(found):
                        again = impl.Message.decode(bytes(sent), found.reversed())
                        assert again.errors == []
                        assert again.action is None
                        count += 1
    assert count == 16
