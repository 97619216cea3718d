"""What reads records, and groups of bits as records of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.made_reads import Fixed, fitting, reads_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._python.reader import Reader

    type _Read = Callable[[Reader], Any]

__all__ = ["reads_bits", "reads_record"]


def reads_record(fields: tuple[tuple[str | None, int, _Read], ...]) -> _Read:
    """The values of fields one behind the other, by name; those that are ``None`` are left out.

    Each field is ``(name, size, read)``: an unsigned integer of ``size`` octets, at most 8, or with a size of 0 what
    ``read(reader)`` returns; without a name (``None``) that is a record too, whose values are taken over.
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
