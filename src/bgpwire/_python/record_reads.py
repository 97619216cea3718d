"""What reads records, groups of bits as records of them, and fields of which something else says what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.made_reads import Depending, Fixed, fitting, planned, reads_members

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bgpwire._python.reader import Reader

    type _Read = Callable[[Reader], Any]

__all__ = ["reads_bits", "reads_chosen", "reads_depending", "reads_record"]


def reads_record(fields: tuple[tuple[str | None, int, _Read], ...]) -> _Read:
    """The values of fields one behind the other, by name; those that are ``None`` are left out.

    Each field is ``(name, size, read)``: an unsigned integer of ``size`` octets, at most 8, or with a size of 0 what
    ``read(reader)`` returns; without a name (``None``) that is a record too, whose values are taken over. In place of a
    ``read`` may stand a :func:`reads_depending`.
    """
    for _, size, _ in fields:
        fitting(size, 8, "a number")
    return reads_members(fields)


def reads_bits(size: int, groups: tuple[tuple[str, int, int, dict[int, Any], bool], ...]) -> _Read:
    """The groups of bits in ``size`` octets, at most 8, by name: ``(name, shift, mask, names, spare)`` each.

    ``names`` are what stands for numbers; a group that is ``spare`` is left out where it is 0.
    """
    fitting(size, 8, "groups of bits")
    return reads_members(Fixed(size, groups=groups))


def reads_chosen(by: Callable[[Reader], Any]) -> _Read:
    """What the ``read`` of the field reads that ``by(reader)`` gives."""

    def read_chosen(reader: Reader) -> Any:
        return by(reader).read(reader)

    return read_chosen


def reads_depending(by: Callable[[Mapping[str, Any]], Any]) -> _Read:
    """Of a member of a record: what the ``read`` of the field reads that ``by`` gives for the members in front."""

    def read_alone(reader: Reader) -> Any:
        raise TypeError("what depends on other members is read by their record")

    return planned(read_alone, Depending(by))
