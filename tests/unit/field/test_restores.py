"""Whether a form says all octets: what fields look at comes to what writing the form would have shown."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from support.context import attribute, session
from support.each import case
from support.made_fields import OCTETS, every_field, one_of_each
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Iterator

FLIPS = (0x01, 0x80, 0xFF)


def check(package: Any, field: Any, data: bytes) -> None:
    """Of all octets that ``field`` takes: its answer is that of writing, and where it is yes they come back."""
    reader = package.Reader(data)
    try:
        value = field.read(reader)
    except package.DecodeError:
        return
    taken = data[: reader.offset]
    told = field.restores(value, taken)
    assert told == field.writes_again(value, taken), (field, value, taken.hex())
    if told and type(field).__name__ != "Reading":
        assert field.encode(field.from_json(field.to_json(value))) == taken


def test_one_of_each(impl: Any) -> None:
    fields = one_of_each(impl)

    @given(data=OCTETS)
    def run(data: bytes) -> None:
        for name, field in fields.items():
            with case(name):
                check(impl, field, data)

    run()


def _all_of(fields: list[Any]) -> list[Any]:
    """These fields and what they are made of, each once; but those that only a record can read."""
    found: dict[int, Any] = {}
    while fields:
        field = fields.pop()
        if id(field) not in found:
            found[id(field)] = field
            fields += [part for _, part in field.parts]
    return [field for field in found.values() if not hasattr(field, "choose")]


@pytest.mark.parametrize("seed", range(4))
def test_every_field(impl: Any, seed: int) -> None:
    """And every part of one; octets are made of the numbers that say something, and of any."""
    made = Random(seed)
    for field in _all_of(every_field(impl)):
        for _ in range(8):
            size = made.randrange(28)
            some = bytes(made.choice((0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 16, 32, 128, 255)) for _ in range(size))
            check(impl, field, some if made.random() < 0.6 else made.randbytes(size))


def _changed(data: bytes) -> Iterator[bytes]:
    """The octets, and each of them with some bits turned round."""
    yield data
    for at, octet in enumerate(data[:40]):
        for flip in FLIPS:
            yield data[:at] + bytes((octet ^ flip,)) + data[at + 1 :]


def _rows(field: Any, tlvs: Any) -> Iterator[tuple[Any, bytes]]:
    """The field of each sound TLV that the table knows, and its octets; those inside too."""
    for tlv in tlvs:
        if tlv.error is None and tlv.type in field.table:
            row = field.table[tlv.type][1]
            yield row, tlv.data
            if isinstance(tlv.value, tuple) and hasattr(row, "table"):
                yield from _rows(row, tlv.value)
            for name, part in row.parts:
                if hasattr(part, "table") and isinstance(tlv.value, dict) and name in tlv.value:
                    yield from _rows(part, tlv.value[name])


@pytest.mark.parametrize("code", [23, 29, 40])
def test_tlvs_of_the_vectors(impl: Any, code: int) -> None:
    """Each TLV of the attributes that are TLVs, and what it is with some bits turned round."""
    seen = set()
    for vector in VECTORS:
        if vector.kind != "attribute" or vector.context["code"] != code or vector.error is not None:
            continue
        block = attribute(0xC0, code, vector.data)
        value = impl.PathAttributes(block, 0, None, session(impl, vector))[code]
        for field, data in _rows(value.field, value.tlvs):
            if (id(field), data) not in seen:
                seen.add((id(field), data))
                for octets in _changed(data):
                    check(impl, field, octets)
    assert len(seen) > 10


FAMILIES = sorted({(v.context["afi"], v.context["safi"]) for v in VECTORS if v.kind == "nlri" and "safi" in v.context})


def _written(nlri: Any, context: Any) -> bool:
    """Whether the fields of an NLRI, without ``raw``, lead back to its octets."""
    try:
        return bytes(nlri.pack(nlri.values_of(nlri.fields(), context), context)) == nlri.wire
    except NotImplementedError:
        return True
    except (ValueError, TypeError, KeyError):
        return False


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_nlri_of_the_vectors(impl: Any, family: tuple[int, int]) -> None:
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.declared import Declared
    from bgpwire.registry import NLRI

    decoder = NLRI.get(family)
    if decoder is None or not issubclass(decoder, Declared):
        return

    def one(vector: Vector, data: bytes) -> None:
        context = NlriContext(*family, vector.get("withdraw", False), session(impl, vector))
        for nlri in impl.MpNlriCollection(data, session(impl, vector), afi=family[0], safi=family[1]):
            if not isinstance(nlri, Declared):
                continue
            form = nlri.json()
            again = decoder.from_json(form, context)
            assert again == nlri
            assert again.json().keys() == form.keys()
            written = _written(nlri, context) or (family[0] == 16388 and nlri.error is None)
            assert ("raw" not in form) == written, (form, nlri.wire.hex())

    for vector in VECTORS:
        if vector.kind != "nlri" or vector.error is not None or (vector.get("afi"), vector.get("safi")) != family:
            continue
        for data in _changed(vector.data):
            try:
                one(vector, data)
            except impl.DecodeError:
                continue


def test_what_cannot_be_read_alone(impl: Any) -> None:
    """A part whose kind the octets behind it decide: ``raw`` stands there, and nothing is raised."""
    f = impl.field
    kind = f.chosen(lambda reader: f.u16 if len(reader) > 3 else f.u32, lambda value: f.u16, f.u16, f.u32, exact=True)
    inner = f.record(first=f.repeat(f.u8), second=kind, third=f.low(1, 4), rest=f.octets)
    assert not inner.restores({"first": (), "second": 1, "third": 1, "rest": b""}, b"\0\1\1")


def test_a_class_that_reads_more_than_its_layout(impl: Any) -> None:
    """Its fields are written to see whether they say all octets, whatever the layout is."""
    from bgpwire import field as f
    from bgpwire.nlri.base import NlriContext, place
    from bgpwire.nlri.declared import Declared

    class Behind(Declared):
        layout = f.Layout(number=f.u8)

        @classmethod
        def decode(cls, reader: Any, context: Any) -> Any:
            reader.skip(1)
            return cls.read(reader, context)

        @classmethod
        def pack(cls, values: Any, context: Any) -> bytes:
            return b"\0" + super().pack(values, context)

    context = NlriContext(1, 1)
    for data, raw in ((b"\0\7", None), (b"\1\7", "0107")):
        route = place(Behind.decode(impl.Reader(data), context), (data, context.afi, context.safi, None))
        assert route.json() == {"number": 7} | ({} if raw is None else {"raw": raw})


@pytest.mark.parametrize("place", [(25, 70), (1, 133), (2, 133), (25, 133), 23, 29, 40], ids=str)
def test_the_form_is_not_written(impl: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound EVPN, FlowSpec, tunnels, link states and SIDs: what their forms do not say is seen in the octets."""
    from bgpwire.field import Field

    values: list[Any] = []
    for vector in VECTORS:
        if vector.error is not None:
            continue
        if vector.kind == "attribute" and vector.context["code"] == place:
            block = attribute(0xC0, place, vector.data)
            values.append(impl.PathAttributes(block, 0, None, session(impl, vector))[place])
        elif vector.kind == "nlri" and (vector.get("afi"), vector.get("safi")) == place:
            values += impl.MpNlriCollection(vector.data, session(impl, vector), afi=place[0], safi=place[1])
    written = []
    monkeypatch.setattr(Field, "writes_again", lambda self, value, data: written.append((self, value)) or True)
    for value in values:
        value.json()
    assert len(values) > 1
    assert not written
