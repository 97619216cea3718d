"""The collector's own AS number, taken off the front of AS paths: one that passes on what it hears puts it there."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import AsPath, PathAttributes, decode_as_path, section_ends
from bgpwire.attribute.block import attribute_wire
from bgpwire.errors import DecodeError
from bgpwire.kernels import walk_attributes
from bgpwire.numbers.attribute import AS4_PATH, AS_PATH
from bgpwire.numbers.message import UPDATE
from bgpwire.remembered import remember
from bgpwire.session import Session
from bgpwire.value.as_path import SegmentType
from bgpwire.value.attributes import AS_TRANS

if TYPE_CHECKING:
    from bgpwire.route.kernels import Event, Route

__all__ = ["StrippedSession", "Stripper", "stripped_asn"]

_HEADER: Final = 19
_SESSIONS: Final = 1 << 12


@dataclass(frozen=True, slots=True)
class StrippedSession(Session):
    """The session of an UPDATE whose AS path had one AS number more in front when it came."""

    stripped_asn: int | None = None
    """That AS number."""


def stripped_asn(item: Event | Route) -> int | None:
    """The AS number that was taken off the front of the AS path of an event or a route; ``None`` where none was."""
    event: Any = getattr(item, "event", item)
    return getattr(event.session, "stripped_asn", None)


class Stripper:
    """Takes ``asn`` off the front of AS paths, once, where it is the first hop; :attr:`count` says how often."""

    def __init__(self, asn: int) -> None:
        if not isinstance(asn, int) or isinstance(asn, bool):
            raise TypeError(f"an AS number, not {asn.__class__.__name__}")
        if not 0 < asn < 1 << 32:
            raise ValueError(f"{asn} is no AS number")
        self.asn = asn
        self.count = 0
        self._wide = asn.to_bytes(4)
        self._narrow = self._wide[2:] if asn <= 0xFFFF else self._wide
        """How a session of 2 octets has it somewhere: beyond 65,535 in AS4_PATH."""
        self._sessions: dict[Session, StrippedSession] = {}

    def __call__(self, octets: bytes, session: Session) -> tuple[bytes, Session] | None:
        """The UPDATE without it, and the session that says so; ``None`` for a message that does not begin with it, or
        cannot be read so far."""
        if octets[18] != UPDATE or (self._wide if session.asn4 else self._narrow) not in octets:
            return None
        try:
            begin, end = section_ends(octets, _HEADER, len(octets))
        except DecodeError:
            return None
        begin += 2
        block = octets[begin:end]
        changes = self._changes(block, session)
        if not changes:
            return None
        self.count += 1
        block = _changed(block, changes)
        octets = octets[: begin - 2] + len(block).to_bytes(2) + block + octets[end:]
        return octets[:16] + len(octets).to_bytes(2) + octets[18:], self._session(session)

    def _changes(self, block: bytes, session: Session) -> dict[int, bytes | None]:
        """The new values of AS_PATH and AS4_PATH, ``None`` for one that is to be taken out; none where ``asn`` is not
        the first hop."""
        values: dict[int, bytes] = {}
        for _, code, start, end in walk_attributes(block):
            if code in (AS_PATH, AS4_PATH):
                values.setdefault(code, block[start:end])
        path = _path(values.get(AS_PATH), session.asn4)
        if path is None:
            return {}
        if session.asn4:
            # AS4_PATH has no meaning here (RFC 6793 section 4.1).
            return {AS_PATH: _shorter(path)} if _first(path) == self.asn else {}
        wide = _path(values.get(AS4_PATH), True)
        effective = path if wide is None else PathAttributes(block, 0, None, session).as_path
        if effective is None or _first(effective) != self.asn or _first(path) not in (self.asn, AS_TRANS):
            return {}
        out: dict[int, bytes | None] = {AS_PATH: _shorter(path)}
        # Where AS4_PATH is the shorter one, what it lacks stands in AS_PATH alone (RFC 6793 section 4.2.3).
        if wide is not None and wide.hops >= path.hops and _first(wide) == self.asn:
            out[AS4_PATH] = _shorter(wide) or None
        return out

    def _session(self, session: Session) -> StrippedSession:
        found = self._sessions.get(session)
        if found is None:
            given: dict[str, Any] = {one.name: getattr(session, one.name) for one in fields(Session)}
            found = StrippedSession(**given, stripped_asn=self.asn)
            remember(self._sessions, session, found, _SESSIONS)
        return found


def _path(value: bytes | None, asn4: bool) -> AsPath | None:
    """``None`` for one that is not there, or malformed."""
    if not value:
        return None
    path, fault = decode_as_path(value, asn4=asn4)
    return path if fault is None else None


def _first(path: AsPath) -> int | None:
    """The first hop: that of a sequence; a set and what a confederation has in front are none."""
    first = next(iter(path.segments), None)
    return first.asns[0] if first is not None and first.type == SegmentType.AS_SEQUENCE else None


def _shorter(path: AsPath) -> bytes:
    """The octets without the first AS number of the first segment; without that segment, where it has no other."""
    octets = bytes(path)
    width = 4 if path.asn4 else 2
    rest = octets[2 + width :]
    return rest if octets[1] == 1 else bytes((octets[0], octets[1] - 1)) + rest


def _changed(block: bytes, changes: dict[int, bytes | None]) -> bytes:
    """The attributes with other values; of several with one code the first, which is the one that counts (RFC 7606
    section 3 g)."""
    out = bytearray()
    done = 0
    left = dict(changes)
    for flags, code, start, end in walk_attributes(block):
        if code in left:
            head = start - (4 if flags & 0x10 else 3)
            value = left.pop(code)
            out += block[done:head]
            out += b"" if value is None else attribute_wire(flags, code, value)
            done = end
    return bytes(out + block[done:])
