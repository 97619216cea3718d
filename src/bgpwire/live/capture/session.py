"""The sessions of a BGP connection: of its OPENs, or guessed from its UPDATEs where those were not captured."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bgpwire._impl import decode_as_path, split
from bgpwire.afi_safi import IPV4_UNICAST
from bgpwire.errors import DecodeError
from bgpwire.kernels import walk_attributes
from bgpwire.message.open import Open
from bgpwire.message.update import Update
from bgpwire.nlri.guess import guess_add_path
from bgpwire.numbers.attribute import AS_PATH, MP_REACH_NLRI, MP_UNREACH_NLRI
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

_CERTAIN = 8
"""UPDATEs that say the same without another: more are not looked at."""
_FAMILIES = 64
"""Families that are guessed about in one direction."""


class Evidence:
    """What the UPDATEs of one direction tell of its session. Each votes on what it shows; where none does, ``asn4`` is
    as given."""

    def __init__(self, asn4: bool = True) -> None:
        self._votes: dict[tuple[int, int] | None, float] = {} if asn4 else {None: 0.5}
        """By family for path identifiers; of ``None`` for AS numbers of 2 octets."""
        self._changed = False

    @property
    def asn4(self) -> bool:
        """4 octets, unless paths can only be read with 2; where 2 are given, the other way round."""
        return self._votes.get(None, 0) <= 0

    @property
    def add_path(self) -> frozenset[tuple[int, int]]:
        """The families whose NLRI read better with path identifiers than without."""
        return frozenset(key for key, votes in self._votes.items() if key is not None and votes > 0)

    def _open(self, key: tuple[int, int] | None) -> bool:
        """Whether votes on it still count."""
        if key not in self._votes and len(self._votes) > _FAMILIES:
            return False
        return abs(self._votes.get(key, 0)) < _CERTAIN

    def update(self, octets: bytes, session: Session) -> bool:
        """An UPDATE; whether it changes what is guessed."""
        self._changed = False
        with suppress(DecodeError):  # of a malformed one what was seen counts
            withdrawn, attributes, nlri = split(octets[19:])
            families: dict[tuple[int, int], bool] = {IPV4_UNICAST: len(withdrawn) + len(nlri) > 0}
            for _, code, start, end in walk_attributes(attributes):
                if code == AS_PATH and end > start and self._open(None):
                    self._as_path(attributes[start:end])
                elif code in (MP_REACH_NLRI, MP_UNREACH_NLRI) and end - start > 3:
                    families[attributes[start] << 8 | attributes[start + 1], attributes[start + 2]] = True
            if any(there and self._open(family) for family, there in families.items()):
                self._nlri(octets, session)
        return self._changed

    def _vote(self, key: tuple[int, int] | None, vote: float) -> None:
        before = self._votes.get(key, 0)
        self._votes[key] = before + vote
        self._changed = self._changed or (before > 0) != (before + vote > 0)

    def _as_path(self, path: memoryview) -> None:
        four, two = (decode_as_path(path, asn4=asn4)[1] is None for asn4 in (True, False))
        if four != two:
            self._vote(None, 1 if two else -1)

    def _nlri(self, octets: bytes, session: Session) -> None:
        for family, data, withdraw in _fields(Update.of(octets, session)):
            if data and self._open(family):
                guess = guess_add_path(data, *family, session, withdraw=withdraw)
                if guess.add_path is not None:
                    self._vote(family, guess.with_identifiers - guess.without)


def _fields(update: Any) -> Iterator[tuple[tuple[int, int], bytes, bool]]:
    """The NLRI of an UPDATE: family, octets, whether they are withdrawn."""
    yield IPV4_UNICAST, bytes(update.withdrawn), True
    yield IPV4_UNICAST, bytes(update.nlri), False
    for value, withdraw in ((update.attributes.mp_reach, False), (update.attributes.mp_unreach, True)):
        if value is not None:
            yield (int(value.afi), int(value.safi)), bytes(value.nlri), withdraw


class Sessions:
    """Of one connection: the session in which each of its two directions is read."""

    def __init__(self, given: Session | None) -> None:
        self._given = given
        self._opens: list[Open | None] = [None, None]
        self._evidence = (Evidence(), Evidence())
        self._sessions: list[Session | None] = [None, None]

    def open(self, side: int, octets: bytes) -> None:
        """An OPEN that this direction sent. One that is malformed says nothing."""
        try:
            message = Open.decode(octets)
            assert isinstance(message, Open)
            Session.from_opens(message, message)  # which reads all that is read of it
        except DecodeError:
            return
        self._opens[side] = message
        self._sessions = [None, None]

    def update(self, side: int, octets: bytes) -> None:
        """An UPDATE that this direction sent: without the two OPENs it says how it may be read."""
        if self._given is None and None in self._opens and self._evidence[side].update(octets, self.session(side)):
            self._sessions[side] = None

    def asn(self, side: int) -> int | None:
        """The AS number of who sends in this direction; ``None`` where it sent no OPEN."""
        opened = self._opens[side]
        return None if opened is None else opened.effective_asn

    def session(self, side: int) -> Session:
        """In which the messages of this direction are read."""
        found = self._sessions[side]
        if found is None:
            found = self._sessions[side] = self._find(side)
        return found

    def _find(self, side: int) -> Session:
        sent, received = self._opens[1 - side], self._opens[side]
        if sent is not None and received is not None:
            return Session.from_opens(sent, received)
        if self._given is not None:
            return self._given
        known = received if received is not None else sent
        evidence = self._evidence[side]
        return Session(
            asn4=evidence.asn4 if known is None else known.asn4 is not None and evidence.asn4,
            add_path=evidence.add_path,
            extended_message=True,
            local_asn=None if sent is None else sent.effective_asn,
            peer_asn=None if received is None else received.effective_asn,
            asn4_from=Provenance.GUESSED,
            add_path_from=Provenance.GUESSED,
        )
