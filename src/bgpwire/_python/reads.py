"""What reads the fields of a declaration: each is called with a :class:`bgpwire.Reader` and returns a value."""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING, Any

from bgpwire._python.made_reads import Fixed, fitting, planned
from bgpwire._python.prefix import Address
from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bgpwire._python.reader import Reader

    type _Read = Callable[[Reader], Any]

__all__ = [
    "reads_address",
    "reads_again",
    "reads_counted",
    "reads_named",
    "reads_number",
    "reads_octets",
    "reads_optional",
    "reads_sized",
    "reads_times",
    "reads_turned",
    "skips",
]


def reads_number(size: int) -> _Read:
    """An unsigned integer of ``size`` octets, at most 8."""
    fitting(size, 8, "a number")
    return methodcaller(f"u{8 * size}") if size in (1, 2, 3, 4, 8) else methodcaller("uint", size)


def reads_named(names: Mapping[int, Any], size: int) -> _Read:
    """What ``names`` has for an unsigned integer of ``size`` octets, at most 8; without that the integer itself."""
    fitting(size, 8, "a number")
    get = dict(names).get

    def read_named(reader: Reader) -> Any:
        value = reader.uint(size)
        return get(value, value)

    return planned(read_named, Fixed(size, names))


def reads_address(size: int) -> _Read:
    """An address of ``size`` octets, 4 or 16."""
    if size not in (4, 16):
        raise ValueError(f"an address of {size} octets")

    def read_address(reader: Reader) -> Address:
        pos = reader._take(size)
        return Address._of(reader._data[pos : pos + size])

    return planned(read_address, Fixed(size, turned=Address._of))


def _read_rest(reader: Reader) -> bytes:
    pos = reader._pos
    end = reader._pos = reader._end
    return reader._data[pos:end]


def reads_octets(size: int | None) -> _Read:
    """``size`` octets; with ``None`` all that are left."""
    if size is None:
        return _read_rest

    def read_octets(reader: Reader) -> bytes:
        pos = reader._take(size)
        return reader._data[pos : pos + size]

    return planned(read_octets, Fixed(size, turned=bytes))


def skips(size: int) -> _Read:
    """``None``, behind ``size`` octets."""

    def skip(reader: Reader) -> None:
        reader._take(size)

    return planned(skip, Fixed(size, shown=False))


def reads_optional(read: _Read) -> _Read:
    """What ``read(reader)`` returns; ``None`` where no octets are left."""

    def read_optional(reader: Reader) -> Any:
        return read(reader) if reader._pos < reader._end else None

    return read_optional


def reads_turned(read: _Read, there: Callable[[Any], Any]) -> _Read:
    """What ``there`` makes of what ``read(reader)`` returns."""

    def read_turned(reader: Reader) -> Any:
        return there(read(reader))

    plan = getattr(read, "plan", None)
    if isinstance(plan, Fixed) and plan.turned is bytes:
        return planned(read_turned, Fixed(plan.size, turned=there))
    return read_turned


def reads_sized(read: _Read, size: int, extra: int, least: int, reason: str | None) -> _Read:
    """What ``read`` returns of as many octets as a number of ``size`` octets says, less ``extra``; DecodeError if it
    leaves some. Fewer than ``least`` are a DecodeError of that ``reason``, with ``None`` they are read as ``least``."""
    fitting(size, 7, "a length")

    def read_sized(reader: Reader) -> Any:
        pos = reader._take(size)
        data = reader._data
        length = (data[pos] if size == 1 else int.from_bytes(data[pos : pos + size])) - extra
        if length < least:
            if reason is not None:
                raise DecodeError(reason.format(length + extra), pos + reader.base)
            length = least
        # The reader itself, which ends there meanwhile: another one costs more than what most lengths are in front of.
        end = reader._end
        after = pos + size + length
        if after > end:
            reader._take(length)
        reader._end = after
        try:
            value = read(reader)
        finally:
            left = after - reader._pos
            reader._pos = after
            reader._end = end
        if left:
            raise DecodeError(f"{left} octets too many", after - left + reader.base)
        return value

    return read_sized


def reads_times(read: _Read, count: int) -> _Read:
    """What ``read(reader)`` returns, ``count`` times, as a tuple."""
    rounds = range(count)

    def read_times(reader: Reader) -> tuple[Any, ...]:
        return tuple([read(reader) for _ in rounds])

    return read_times


def reads_counted(read: _Read, size: int) -> _Read:
    """What ``read(reader)`` returns, as many times as a number of ``size`` octets in front says, as a tuple."""
    fitting(size, 7, "a count")

    def read_counted(reader: Reader) -> tuple[Any, ...]:
        return tuple([read(reader) for _ in range(reader.uint(size))])

    return read_counted


def reads_again(read: _Read) -> _Read:
    """What ``read(reader)`` returns, until no octets are left, as a tuple; DecodeError if it takes none."""

    def read_again(reader: Reader) -> tuple[Any, ...]:
        out = []
        while reader._pos < reader._end:
            before = reader._pos
            out.append(read(reader))
            if reader._pos == before:
                raise DecodeError("a repeated field without octets", reader._pos + reader.base)
        return tuple(out)

    return read_again
