"""The collector's AS number taken off the front of AS paths."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import made_bmp as made
from support.made_openbmp import openbmp

ORIGIN = "400101 00"
HOP = "400304 c0000201"
RV = 6447
WIDE = 400_000


def _attribute(code: int, value: bytes, flags: int = 0x40) -> str:
    if flags & 0x10:
        return (bytes((flags, code)) + len(value).to_bytes(2) + value).hex()
    return (bytes((flags, code, len(value))) + value).hex()


def _path(*segments: tuple[int, list[int]], width: int = 4) -> bytes:
    return b"".join(bytes((kind, len(asns))) + b"".join(asn.to_bytes(width) for asn in asns) for kind, asns in segments)


def _feed(impl: Any, attributes: str, strip: Any = RV, **peer: int) -> tuple[Any, Any]:
    decoder = impl.live.openbmp.Decoder(strip_asn=strip, strict=True)
    (event,) = decoder.feed(openbmp(made.monitoring(made.update(attributes=attributes), **peer)))
    return decoder, event


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([(2, [RV, 64500, 64501])], "64500 64501"),
        ([(2, [RV, RV, 64500])], "6447 64500"),
        ([(2, [RV])], ""),
        ([(2, [RV]), (1, [64500, 64501])], "{64500,64501}"),
        ([(2, [RV]), (2, [RV])], "6447"),
        ([(2, [64500, RV])], None),
        ([(1, [RV, 64500])], None),
        ([(3, [RV, 64500])], None),
        ([(3, [64500]), (2, [RV])], None),
        ([], None),
    ],
    ids=str,
)
def test_the_first_hop(impl: Any, segments: list[tuple[int, list[int]]], expected: str | None) -> None:
    """Once, and only where it is the first; the event and its routes say so. What is not touched is what came."""
    openbmp = impl.live.openbmp
    for flags in (0x40, 0x50):
        attributes = ORIGIN + _attribute(2, _path(*segments), flags) + HOP
        decoder, event = _feed(impl, attributes)
        (route,) = impl.routes_of(event)
        if expected is None:
            assert event.octets == made.update(attributes=attributes)
            assert (openbmp.stripped_asn(event), openbmp.stripped_asn(route), decoder.stripped) == (None, None, 0)
            continue
        assert str(route.as_path) == expected
        assert (openbmp.stripped_asn(event), openbmp.stripped_asn(route), decoder.stripped) == (RV, RV, 1)
        assert (event.session.stripped_asn, event.session.asn4) == (RV, True)
        assert event.message.errors == []
        rest = impl.PathAttributes(bytes.fromhex(attributes)).replace(as_path=expected or [])
        assert event.message.attributes.json() == rest.json()
        copy = pickle.loads(pickle.dumps(event))
        assert (copy, openbmp.stripped_asn(copy)) == (event, RV)
        assert isinstance(event.session, impl.Session)
        assert event.session.reversed().stripped_asn == RV


TRANS = 23456


@pytest.mark.parametrize(
    ("strip", "path", "path4", "expected"),
    [
        (RV, [RV, 64500], None, ("64500", None)),
        (RV, [RV, TRANS, 64500], [WIDE, 64500], ("400000 64500", "400000 64500")),
        (RV, [RV, TRANS, 64500], [RV, WIDE, 64500], ("400000 64500", "400000 64500")),
        (RV, [RV], [RV], ("", None)),
        (WIDE, [TRANS, 64500], [WIDE, 64500], ("64500", "64500")),
        (WIDE, [TRANS, 64500], None, None),
        (WIDE, [TRANS, TRANS, 64500], [WIDE, 64500], None),
        (TRANS, [TRANS, 64500], [WIDE, 64500], None),
        (RV, [TRANS, 64500], [RV, 64500], ("64500", "64500")),
        (RV, [64500, RV], [64500, RV], None),
    ],
    ids=str,
)
def test_two_octets(
    impl: Any, strip: int, path: list[int], path4: list[int] | None, expected: tuple[str, str | None] | None
) -> None:
    """AS4_PATH loses it too, where it has it (RFC 6793): it is the effective path that begins with it."""
    attributes = ORIGIN + _attribute(2, _path((2, path), width=2)) + HOP
    if path4 is not None:
        attributes += _attribute(17, _path((2, path4)), 0xC0)
    decoder, event = _feed(impl, attributes, strip, flags=0x20)
    if expected is None:
        assert event.octets == made.update(attributes=attributes)
        assert decoder.stripped == 0
        return
    (route,) = impl.routes_of(event)
    wide = event.message.attributes.get(17)
    assert (str(route.as_path), None if wide is None else str(wide)) == expected
    assert impl.live.openbmp.stripped_asn(route) == strip
    assert event.message.errors == []


def test_on_a_session_of_four_octets_as4_path_is_nothing(impl: Any) -> None:
    extra = _attribute(17, _path((2, [RV, 64500])), 0xC0)
    _, event = _feed(impl, ORIGIN + _attribute(2, _path((2, [RV, 64500]))) + HOP + extra)
    assert str(impl.routes_of(event)[0].as_path) == "64500"
    assert bytes.fromhex(extra) in event.octets


def test_what_is_left_as_it_is(impl: Any) -> None:
    """Withdrawals, other messages, a malformed path, a second AS_PATH."""
    decoder = impl.live.openbmp.Decoder(strip_asn=RV)
    torn = ORIGIN + _attribute(2, _path((2, [RV, 64500]))[:-1]) + HOP
    twice = ORIGIN + _attribute(2, _path((2, [64500]))) + HOP + _attribute(2, _path((2, [RV])))
    for pdu in (made.withdrawal(), made.update(attributes=torn), made.update(attributes=twice)):
        (event,) = decoder.feed(openbmp(made.monitoring(pdu)))
        assert event.octets == pdu
    mirrored = made.bmp(6, made.header() + made.tlv(0, made.open_message(RV)))
    (event,) = decoder.feed(openbmp(mirrored))
    assert event.octets == made.open_message(RV)
    assert decoder.stripped == 0


@pytest.mark.parametrize(
    ("asn", "error"), [(0, ValueError), (1 << 32, ValueError), ("6447", TypeError), (True, TypeError)]
)
def test_no_as_number(impl: Any, asn: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        impl.live.openbmp.Decoder(strip_asn=asn)


_SEGMENTS = st.lists(
    st.tuples(st.integers(1, 4), st.lists(st.sampled_from([RV, 64500, TRANS, 1]), min_size=1, max_size=3)), max_size=3
)


@given(path=_SEGMENTS, path4=st.none() | _SEGMENTS, asn4=st.booleans(), changed=st.none() | st.integers(0, 40))
def test_any_paths(both: list[Any], path: Any, path4: Any, asn4: bool, changed: int | None) -> None:
    """The effective path without its first hop, or all as it was; the same from both implementations."""
    attributes = ORIGIN + _attribute(2, _path(*path, width=4 if asn4 else 2)) + HOP
    if path4 is not None:
        attributes += _attribute(17, _path(*path4), 0xC0)
    if changed is not None:
        octets = bytearray.fromhex(attributes)
        octets[changed % len(octets)] ^= 0x21
        attributes = octets.hex()
    seen = []
    for implementation in both:
        with implementation.active() as package:
            stripper = package.live.openbmp.strip.Stripper(RV)
            session = package.Session(asn4=asn4)
            pdu = made.update(attributes=attributes)
            found = stripper(pdu, session)
            seen.append(found and found[0])
            if found is None:
                continue
            before, after = (package.Message.decode(octets, session).attributes for octets in (pdu, found[0]))
            assert before.as_path.segments[0].asns[0] == RV
            if not asn4 and path4 is not None:
                continue  # what AS4_PATH says may count in one of the two alone
            assert [*before.as_path][1:] == [*after.as_path]
            assert len(before) == len(after)
    assert seen[0] == seen[-1]
