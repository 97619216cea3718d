"""What reads the fields of a declaration: alone and inside one another, short of an octet, and declared wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

DATA = bytes(range(0x40, 0x60))
BITS = (("high", 12, 15, {}, False), ("low", 0, 15, {3: "three"}, True), ("none", 4, 0, {}, True))

SPARE = (("shown", 4, 15, {}, False), ("spare", 0, 15, {}, True))


class Kind(NamedTuple):
    """A field as far as it reads."""

    read: Callable[[Any], Any]


# By name: what reads it, how many octets it takes, and what those from 0x42 on are.
READS: dict[str, tuple[Callable[[Any], Any], int, Any]] = {
    "u8": (lambda k: k.reads_number(1), 1, 0x42),
    "u24": (lambda k: k.reads_number(3), 3, 0x424344),
    "u40": (lambda k: k.reads_number(5), 5, 0x4243444546),
    "u64": (lambda k: k.reads_number(8), 8, 0x4243444546474849),
    "named": (lambda k: k.reads_named({0x4243: "here"}, 2), 2, "here"),
    "not named": (lambda k: k.reads_named({1: "one"}, 2), 2, 0x4243),
    "ipv4": (lambda k: k.reads_turned(k.reads_address(4), str), 4, "66.67.68.69"),
    "ipv6": (lambda k: k.reads_turned(k.reads_address(16), str), 16, "4243:4445:4647:4849:4a4b:4c4d:4e4f:5051"),
    "octets": (lambda k: k.reads_octets(3), 3, b"BCD"),
    "skips": (lambda k: k.skips(3), 3, None),
    "turned": (lambda k: k.reads_turned(k.reads_number(1), hex), 1, "0x42"),
    "turned octets in a record": (
        lambda k: k.reads_record(
            (("a", 1, None), ("b", 0, k.reads_turned(k.reads_octets(2), bytes.hex)), ("c", 0, k.skips(1)))
        ),
        4,
        {"a": 0x42, "b": "4344"},
    ),
    "chosen": (lambda k: k.reads_chosen(lambda reader: Kind(k.reads_number(reader.peek() - 0x3F))), 3, 0x424344),
    "depending": (
        lambda k: k.reads_record(
            (
                ("a", 2, None),
                ("b", 0, k.reads_depending(lambda found: Kind(k.reads_octets(found["a"] - 0x4241)))),
                ("c", 1, None),
                ("d", 0, k.reads_depending(lambda found: Kind(k.skips(1) if "b" in found else len))),
                ("e", 0, k.reads_depending(lambda found: Kind(lambda reader: len(found)))),
            )
        ),
        6,
        {"a": 0x4243, "b": b"DE", "c": 0x46, "e": 3},
    ),
    "times": (lambda k: k.reads_times(k.reads_number(2), 2), 4, (0x4243, 0x4445)),
    "no times": (lambda k: k.reads_times(k.reads_number(2), 0), 0, ()),
    "bits": (lambda k: k.reads_bits(2, BITS), 2, {"high": 4, "low": "three"}),
    "bits of 8 octets": (
        lambda k: k.reads_bits(8, (("all", 0, 2**64 - 1, {}, False),)),
        8,
        {"all": 0x4243444546474849},
    ),
    "record": (
        lambda k: k.reads_record(
            (
                ("a", 2, None),
                (None, 0, k.reads_bits(2, (("b", 8, 255, {}, False), ("c", 0, 255, {0x45: True}, False)))),
                ("d", 0, k.skips(1)),
                ("e", 0, lambda reader: reader.u8()),
                (None, 0, lambda reader: {"f": reader.u8()}),
                (None, 0, k.reads_record((("g", 1, None),))),
            )
        ),
        8,
        {"a": 0x4243, "b": 0x44, "c": True, "e": 0x47, "f": 0x48, "g": 0x49},
    ),
}


@pytest.mark.parametrize("name", READS)
def test_read(impl: Any, name: str) -> None:
    made, size, value = READS[name]
    reader = impl.Reader(DATA, 2, 2 + size, base=100)
    assert made(impl._impl)(reader) == value
    assert (len(reader), reader.offset) == (0, 102 + size)


@pytest.mark.parametrize("name", [name for name, (_, size, _) in READS.items() if size])
def test_one_octet_short(impl: Any, name: str) -> None:
    """There are more octets behind the reader's end, which are not its own."""
    made, size, _ = READS[name]
    reader = impl.Reader(DATA, 2, 2 + size - 1, base=100)
    with pytest.raises(impl.TruncatedError, match=f" octets needed, {len(DATA[2 : 1 + size])} left|needed, [01] left"):
        made(impl._impl)(reader)
    assert len(reader) < size


@pytest.mark.parametrize(
    ("made", "octets", "value"),
    [
        (lambda k: k.reads_octets(None), "", b""),
        (lambda k: k.reads_octets(None), "0102", b"\1\2"),
        (lambda k: k.reads_optional(k.reads_number(1)), "", None),
        (lambda k: k.reads_optional(k.reads_number(1)), "07", 7),
        (lambda k: k.reads_counted(k.reads_number(1), 1), "020708", (7, 8)),
        (lambda k: k.reads_counted(k.reads_number(1), 2), "0000", ()),
        (lambda k: k.reads_counted(k.reads_number(1), 1), "0207", ("1 octets needed, 0 left", 2)),
        (lambda k: k.reads_counted(k.reads_number(1), 2), "02", ("2 octets needed, 1 left", 0)),
        (lambda k: k.reads_again(k.reads_number(2)), "00010002", (1, 2)),
        (lambda k: k.reads_bits(1, SPARE), "00", {"shown": 0}),
        (lambda k: k.reads_bits(1, SPARE), "01", {"shown": 0, "spare": 1}),
        (lambda k: k.reads_again(k.reads_number(2)), "", ()),
        (lambda k: k.reads_again(k.reads_number(2)), "000100", ("2 octets needed, 1 left", 2)),
        (lambda k: k.reads_again(k.skips(0)), "00", ("a repeated field without octets", 0)),
        (lambda k: k.reads_again(len), "00", ("a repeated field without octets", 0)),
        (lambda k: k.reads_sized(k.reads_octets(None), 1, 0, 0, None), "0207", ("2 octets needed, 1 left", 1)),
        (lambda k: k.reads_sized(k.reads_octets(None), 2, 0, 0, None), "02", ("2 octets needed, 1 left", 0)),
        (lambda k: k.reads_sized(k.reads_octets(None), 1, 0, 0, None), "020708", b"\7\x08"),
        (lambda k: k.reads_sized(k.reads_octets(None), 1, 2, 0, None), "020708", b""),
        (lambda k: k.reads_sized(k.reads_octets(None), 1, 2, 0, None), "010708", b""),
        (lambda k: k.reads_sized(k.reads_octets(None), 1, 2, 0, "length {}"), "010708", ("length 1", 0)),
        (lambda k: k.reads_sized(k.reads_octets(None), 1, 0, 2, None), "010708", b"\7\x08"),
        (lambda k: k.reads_sized(len, 7, 0, 0, None), "ff" * 7, (f"{2**56 - 1} octets needed, 0 left", 7)),
        (lambda k: k.reads_sized(k.reads_number(1), 1, 0, 0, None), "020708", ("1 octets too many", 2)),
        (lambda k: k.reads_sized(lambda body: len(body), 1, 0, 0, None), "00", 0),
    ],
)
def test_as_many_as_there_are(impl: Any, made: Callable[[Any], Any], octets: str, value: Any) -> None:
    read, reader = made(impl._impl), impl.Reader(bytes.fromhex(octets))
    try:
        found = read(reader)
    except impl.DecodeError as error:
        found = error.reason, error.offset
    assert found == value


@pytest.mark.parametrize(
    "made",
    [
        lambda k: k.reads_number(9),
        lambda k: k.reads_number(-1),
        lambda k: k.reads_named({}, 9),
        lambda k: k.reads_address(5),
        lambda k: k.reads_bits(9, ()),
        lambda k: k.reads_sized(len, 8, 0, 0, None),
        lambda k: k.reads_counted(len, 8),
        lambda k: k.reads_record((("a", 9, None),)),
    ],
)
def test_declared_wrong(impl: Any, made: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match=r"in -?\d octets|an address of 5 octets"):
        made(impl._impl)


def test_what_is_no_reader(impl: Any) -> None:
    kernels = impl._impl
    for read in (kernels.reads_number(1), kernels.reads_again(kernels.reads_number(1)), kernels.reads_octets(None)):
        for other in (None, b"1"):
            with pytest.raises((TypeError, AttributeError)):
                read(other)


def test_the_first_fault_of_a_record(impl: Any) -> None:
    """Octets that cannot be turned are met before those that are missing behind them."""

    def fails(octets: bytes) -> None:
        raise impl.DecodeError("turned", 7)

    kernels = impl._impl
    read = kernels.reads_record((("a", 0, kernels.reads_turned(kernels.reads_octets(2), fails)), ("b", 4, None)))
    for octets, reason in (b"12", "turned"), (b"123456", "turned"), (b"1", "2 octets needed, 1 left"):
        with pytest.raises(impl.DecodeError, match=reason):
            read(impl.Reader(octets))


def test_depending_alone(impl: Any) -> None:
    """What depends on other members has none without a record, and no name in one."""
    kernels = impl._impl
    alone = kernels.reads_depending(lambda found: Kind(kernels.reads_number(1)))
    for read in alone, kernels.reads_record(((None, 0, alone),)):
        with pytest.raises(TypeError, match="read by their record"):
            read(impl.Reader(b"1"))


def test_what_is_raised_inside(impl: Any) -> None:
    """An exception of a function inside goes through."""
    kernels = impl._impl
    read = kernels.reads_again(kernels.reads_record(((None, 0, lambda reader: 1 / 0),)))
    with pytest.raises(ZeroDivisionError):
        read(impl.Reader(b"1"))


SPARE_BETWEEN = (("first", 12, 15, {}, False), ("spare", 9, 7, {1: "one"}, True), ("last", 0, 511, {5: "five"}, False))


def _mixed(kernels: Any) -> tuple[Callable[[Any], Any], list[int]]:
    """A record of two runs of fields of fixed size around one that is not, and how many octets each field has."""
    fields = (
        ("a", 3, None),
        ("named", 0, kernels.reads_named({7: "seven"}, 2)),
        ("reserved", 0, kernels.skips(1)),
        (None, 0, kernels.reads_bits(2, SPARE_BETWEEN)),
        ("sized", 0, kernels.reads_sized(kernels.reads_octets(None), 1, 0, 0, None)),
        ("wide", 5, None),
        ("octets", 0, kernels.reads_octets(2)),
        ("address", 0, kernels.reads_address(4)),
        (None, 0, kernels.reads_record((("inner", 1, None),))),
    )
    return kernels.reads_record(fields), [3, 2, 1, 2, 1, 5, 2, 4, 1]


def _octets(bits: str) -> bytes:
    return bytes.fromhex("000102 0007 ff" + bits + "00 0000000001 abcd c0000201 09")


def test_a_record_of_several_runs(impl: Any) -> None:
    """All members, in the order of the fields; a spare group keeps its place."""
    read, _ = _mixed(impl._impl)
    rest = {"sized": b"", "wide": 1, "octets": b"\xab\xcd", "address": impl.Address("192.0.2.1"), "inner": 9}
    for bits, groups in (
        ("1005", {"first": 1, "last": "five"}),
        ("1206", {"first": 1, "spare": "one", "last": 6}),
        ("0400", {"first": 0, "spare": 2, "last": 0}),
    ):
        found = read(impl.Reader(_octets(bits)))
        assert [*found.items()] == [*({"a": 258, "named": "seven"} | groups | rest).items()]


def test_a_record_cut_anywhere(impl: Any) -> None:
    """The error is that of the first field that is not all there, and those in front of it are read."""
    read, sizes = _mixed(impl._impl)
    data = _octets("1005")
    for end in range(len(data)):
        at, size = 0, sizes[0]
        for size in sizes:
            if at + size > end:
                break
            at += size
        for _ in range(2):  # a function is written at its first call
            reader = impl.Reader(data, 0, end, base=10)
            with pytest.raises(impl.TruncatedError) as caught:
                read(reader)
            assert caught.value.args[:2] == (f"{size} octets needed, {end - at} left", at + 10)
            assert reader.offset == at + 10


def test_a_number_of_no_flag(impl: Any) -> None:
    """0 and 1 as names of a bit stay what they are given as."""
    for names in ({0: False, 1: True}, {0: 0, 1: 1}, {1: True}):
        read = impl._impl.reads_bits(1, (("bit", 7, 1, names, False), ("rest", 0, 127, {}, False)))
        for octet, bit in ((0x80, 1), (0, 0)):
            found = read(impl.Reader(bytes((octet,))))["bit"]
            assert (found, type(found)) == (names.get(bit, bit), type(names.get(bit, bit)))
