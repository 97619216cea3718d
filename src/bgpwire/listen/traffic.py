"""What was heard, counted by source, peer and type of message."""

from __future__ import annotations

from collections import Counter
from struct import Struct
from threading import Lock
from typing import TYPE_CHECKING, Final

from bgpwire.listen.metrics import OTHER
from bgpwire.listen.records import interface_at
from bgpwire.mrt.kernels import BGP4MP_FORMS
from bgpwire.numbers.mrt import BGP4MP, BGP4MP_ET

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.listen.contexts import Contexts
    from bgpwire.listen.records import Records

    type Layout = tuple[Callable[[bytes, int], tuple[int, int, int]], tuple[int, int, int, int]]
    type Labels = tuple[str, str, str, str]

__all__ = ["TYPES", "Traffic"]

TYPES: Final = ("state", "open", "update", "notification", "keepalive", "route_refresh")
"""By the type of a message; 0 is none of BGP, and stands for a change of state. Others are ``other``."""
_HEAD: Final = 12
_MARKER: Final = 18
"""Octets of a BGP message in front of its type."""


def _layout(kind: int, subtype: int) -> Layout:
    """What reads the form, the size, and interface with address family of a record, and where the type of its message
    stands, by the two lowest bits of the family: 0 no addresses, 1 IPv4, 2 IPv6."""
    states = BGP4MP_FORMS[subtype][2]
    place = interface_at(0, kind, subtype)
    behind = place + 4 + _MARKER
    # The first octet of a record's type is 0, and so is the type of a change of state, which has no message.
    places = (4, 4, 4, 4) if states else (behind, behind + 8, behind + 32, behind)
    return Struct(f">4xII{place - _HEAD}xI").unpack_from, places


_LAYOUTS: Final = {
    kind << 16 | subtype: _layout(kind, subtype) for kind in (BGP4MP, BGP4MP_ET) for subtype in BGP4MP_FORMS
}
_FORM: Final = Struct(">I").unpack_from


class Traffic:
    """Counts messages. One thread at a time adds; any may ask."""

    def __init__(self, most: int = 1000) -> None:
        """``most`` is how many peers are counted each for itself; what the others send is under ``other``, for whoever
        sends BMP can name any number of peers."""
        self.messages = 0
        self.octets = 0
        """Of records."""
        self.latest: float | None = None
        """The time of the message that was heard last, in seconds since 1970, as its source says."""
        self._most = most
        self._peers: set[tuple[str, str, str]] = set()
        self._totals: Counter[Labels] = Counter()
        self._contexts: Contexts | None = None
        self._known: list[list[int]] = []
        """By type of message, and in each by context."""
        self._by_type: list[list[int]] = []
        """The same by any type that there can be."""
        self._lock = Lock()

    def add(self, records: Records) -> None:
        """Count the messages of records."""
        octets = records.octets
        if not octets:
            return
        with self._lock:
            if records.contexts is not self._contexts:
                self._fold()
                self._contexts = records.contexts
                self._known = [[] for _ in range(len(TYPES) + 1)]
                self._by_type = [self._known[min(kind, len(TYPES))] for kind in range(256)]
            room = len(records.contexts.all) - len(self._known[0])
            if room:
                for counts in self._known:
                    counts += [0] * room
            last = _count(octets, self._by_type)
        self.messages += records.messages
        self.octets += len(octets)
        kind, micro = octets[last + 5], octets[last + _HEAD : last + _HEAD + 4]
        seconds: int = _FORM(octets, last)[0]
        self.latest = seconds + int.from_bytes(micro) / 1e6 if kind == BGP4MP_ET else float(seconds)

    def counts(self) -> dict[Labels, int]:
        """How many messages there were, by source, address and AS number of the peer, and type."""
        with self._lock:
            self._fold()
            return dict(self._totals)

    def _fold(self) -> None:
        """Add what was counted by numbers of contexts to the totals."""
        if self._contexts is None:
            return
        for name, counts in zip((*TYPES, OTHER), self._known, strict=True):
            for number, count in enumerate(counts):
                if count:
                    self._totals[*self._named(number), name] += count
                    counts[number] = 0

    def _named(self, number: int) -> tuple[str, str, str]:
        assert self._contexts is not None
        peer, _, source = self._contexts.all[number]
        named = source or "", "" if peer.address is None else str(peer.address), str(peer.asn)
        if named not in self._peers:
            if len(self._peers) >= self._most:
                return OTHER, OTHER, OTHER
            self._peers.add(named)
        return named


def _count(octets: bytes, counts: list[list[int]]) -> int:
    """Count records by type and context; where the last one begins."""
    # Some 200 ns each: a record is read by one call, and what is counted stands in lists, which take no hashing.
    at, end, known = 0, len(octets), -1
    unpack, places = _LAYOUTS[_FORM(octets, 4)[0]]
    last = 0
    while at < end:
        form, size, tag = unpack(octets, at)
        if form != known:
            known = form
            unpack, places = _LAYOUTS[form]
            continue
        counts[octets[at + places[tag & 3]]][tag >> 16] += 1
        last = at
        at += size + _HEAD
    return last
