"""Records that wait until there are enough of them for what is better done to many."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bgpwire.listen.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Gathered"]


class Gathered:
    """Records in the order in which they came."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._all: list[Records] = []
        self.size = 0
        """Octets of them."""
        self.messages = 0
        self.since = 0.0
        """When the first of them came, in seconds since 1970."""

    def add(self, records: Records, now: float) -> None:
        """Take records that came ``now``."""
        if not self._all:
            self.since = now
        self._all.append(records)
        self.size += len(records.octets)
        self.messages += records.messages

    def __bool__(self) -> bool:
        return bool(self._all)

    def joined(self) -> Iterator[Records]:
        """All of them, those of the same contexts put together; they still wait."""
        for _, several in groupby(self._all, lambda records: id(records.contexts)):
            found = list(several)
            octets = b"".join([records.octets for records in found])
            yield Records(octets, found[0].contexts, sum(records.messages for records in found))
