"""Bodies of MRT records as values: copies, what is raised, what the caller may say."""

from __future__ import annotations

from typing import Any

import pytest
from support.compare import check_copies
from support.context import ATTRIBUTES, bgp4mp, message, record, rib_generic, told, update
from support.each import of_vectors
from support.vectors import VECTORS, Vector

_MRT = [vector for vector in VECTORS if vector.kind == "mrt"]


def only(impl: Any, octets: bytes) -> Any:
    """The one record that ``octets`` are."""
    (found,) = impl.mrt.open(octets, on_skip=told).records()
    return found


@of_vectors(_MRT)
def test_copies(impl: Any, vector: Vector) -> None:
    for found in impl.mrt.open(vector.data, on_skip=told).records():
        try:
            body = impl.mrt.decode_record(found)
        except impl.DecodeError:
            continue
        assert isinstance(body, impl.mrt.Body)
        if not any(value != value or isinstance(value, impl.PathAttributes) for value in vars_of(body)):
            check_copies(body)
        assert impl.mrt.decode_record(found).json() == body.json()


def vars_of(body: Any) -> list[Any]:
    """The values of a body's fields and of what stands in them: NaN is equal to nothing, not even in a copy."""
    out = []
    for name in type(body).__dataclass_fields__:
        value = getattr(body, name)
        for one in value if isinstance(value, tuple) else (value,):
            out += vars_of(one) if hasattr(type(one), "__dataclass_fields__") else [one]
    return out


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 6, 128])
def test_messages_too_short_for_their_type(impl: Any, kind: int) -> None:
    """RFC 4271 section 4: no type has bodies of all lengths; nothing but a DecodeError and a skip comes of it."""
    for size in range(12):
        octets = bgp4mp(message(kind, bytes(size)))
        try:
            impl.mrt.record_json(only(impl, octets))
        except impl.DecodeError as error:
            assert error.offset >= 20  # noqa: PT017
        for level in ("messages", "routes"):
            file = impl.mrt.open(octets, on_skip=told)
            for found in getattr(file, level)():
                if level == "messages":
                    found.json()


def test_offsets_count_in_the_record(impl: Any) -> None:
    """A fault of the message inside is told where it stands in ``record.data``."""
    octets = bgp4mp(b"\xff" * 16 + b"\0\x15\1\4\0")
    with pytest.raises(impl.DecodeError) as caught:
        impl.mrt.decode_record(only(impl, octets))
    assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, 2, 20 + 16)
    for size in range(12, 32):
        with pytest.raises(impl.DecodeError) as caught:
            impl.mrt.decode_record(impl.Record(0, 16, 4, octets[12:size]))
        assert 0 <= caught.value.offset <= size


def test_microseconds_that_are_not_there(impl: Any) -> None:
    for kind in (17, 33, 49, 65):
        with pytest.raises(impl.MrtError):
            impl.mrt.decode_record(impl.Record(0, kind, 0, b"\0\0\0"))


def test_early_types_are_read_as_what_they_became(impl: Any) -> None:
    """64 and 65 are what RIS wrote before 16 and 17 were agreed on."""
    inside = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))[12:]
    old = impl.mrt.decode_record(impl.Record(0, 64, 4, inside))
    assert old == impl.mrt.decode_record(impl.Record(0, 16, 4, inside))
    assert old == impl.mrt.decode_record(impl.Record(0, 65, 4, b"\0\0\0\1" + inside))


def test_add_path_can_be_told(impl: Any) -> None:
    octets = bgp4mp(update(b"", ATTRIBUTES, b"\0\0\0\7\x08\x0a"))
    plain = impl.mrt.decode_record(only(impl, octets))
    told = impl.mrt.decode_record(only(impl, octets), add_path=[(1, 1)])
    assert told.message.nlri.json() == [{"prefix": "10.0.0.0/8", "path_id": 7}]
    assert plain.message.nlri.json() != told.message.nlri.json()


def test_nlri_of_any_family(impl: Any) -> None:
    """RIB_GENERIC of a family that nobody decodes: where its NLRI ends nobody knows."""
    *_, found = impl.mrt.open(rib_generic(25, 70, b"\3\x11\0\0\xfd\xe8\0\0\0\1\0\0\0\1\x20\xc0\0\2\1")).records()
    assert impl.mrt.decode_record(found).nlri.json()["originator"] == "192.0.2.1"
    *_, found = impl.mrt.open(rib_generic(3, 55, b"\1\2\3")).records()
    with pytest.raises(impl.DecodeError):
        impl.mrt.decode_record(found)


def test_every_type_survives_anything(impl: Any) -> None:
    for kind in range(70):
        for subtype in range(14):
            for data in (b"", b"\0" * 7, b"\xff" * 60, bytes(range(200))):
                found = impl.Record(0, kind, subtype, data)
                try:
                    impl.mrt.record_json(found)
                except impl.DecodeError as error:
                    assert 0 <= error.offset <= len(data) + 19, found  # noqa: PT017


def test_a_body_is_registered_once(impl: Any) -> None:
    from bgpwire.mrt.body import body

    with pytest.raises(ValueError, match="registered twice"):
        body((16, 1))(impl.mrt.UnknownRecord)
    unknown = impl.mrt.decode_record(only(impl, record(16, 31, b"\1\2")))
    assert (unknown.type, unknown.subtype, unknown.value) == (16, 31, b"\1\2")
