"""RIS Live decoded, line by line (sans-io): each line is a JSON object, and what it says of BGP becomes events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address
from bgpwire.errors import DecodeError
from bgpwire.live.ris.build import BUILT, build_keepalive, build_notification, build_updates
from bgpwire.live.ris.compare import differences
from bgpwire.live.ris.compare_other import other_differences
from bgpwire.live.ris.fields import fields_of, number
from bgpwire.live.ris.making import SESSIONS, EventMaker, FaultError, shown
from bgpwire.live.ris.report import Kind, Reports
from bgpwire.message import Message
from bgpwire.message.base import MessageType
from bgpwire.remembered import remember
from bgpwire.route.event import check_any_marker
from bgpwire.route.kernels import Peer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bgpwire.live.ris.compare import Difference
    from bgpwire.live.ris.fields import Fields
    from bgpwire.live.ris.report import Report
    from bgpwire.route.kernels import Event
    from bgpwire.session import Session

__all__ = ["MOST", "Decoder"]

MOST = 1 << 20
"""Characters of the longest line: a message of 65,535 octets in hex and its prefixes as text have room in it."""
_PEERS = 1 << 12
_TYPES = {
    "UPDATE": MessageType.UPDATE,
    "OPEN": MessageType.OPEN,
    "NOTIFICATION": MessageType.NOTIFICATION,
    "KEEPALIVE": MessageType.KEEPALIVE,
    "ROUTE_REFRESH": MessageType.ROUTE_REFRESH,
}
_STATES = ("RIS_PEER_STATE", "STATE")
_SILENT = ("pong", "ris_subscribe_ok", "ris_rrc_list")
"""Messages of the server that say nothing of BGP."""


class Decoder:
    """Takes lines with :meth:`feed`, which gives the events in them; reports what is wrong, and goes on.

    :attr:`reports` keeps the first hundred and the latest report, and counts all; each is given to ``on_report`` as it
    comes. ``strict`` raises :class:`bgpwire.RisError` for the first instead. :attr:`built` counts the events
    that were made of fields; :attr:`offset` is how many octets were fed.
    """

    def __init__(self, *, strict: bool = False, on_report: Callable[[Report], object] | None = None) -> None:
        self.reports = Reports(strict, on_report)
        self.built = 0
        self.offset = 0
        self._peers: dict[tuple[str, int], Peer] = {}
        self._sessions: dict[Peer, Session] = {}
        """By peer, what fitted last where it was not the usual one."""

    def feed(self, line: str | bytes | bytearray) -> list[Event]:
        """The events of one line, or of one message of a websocket.

        One for each BGP message and each change of state, in most cases one; several where the fields of one UPDATE
        without ``raw`` take several UPDATEs. None for a blank line, and for what is reported.
        """
        offset = self.offset
        self.offset += len(line) if not isinstance(line, str) or line.isascii() else len(line.encode(errors="replace"))
        try:
            data = self._data(line)
            return [] if data is None else self._events(data, offset)
        except FaultError as fault:
            self.reports.add(fault.kind, offset, fault.reason, fault.field)
            return []

    def _data(self, line: str | bytes | bytearray) -> dict[str, Any] | None:
        """The message of a collector in ``line``, ``None`` for what is none and nothing to report."""
        if len(line) > MOST:
            raise FaultError(Kind.JSON, f"a line of {len(line)} octets")
        if not line.strip():
            return None
        try:
            outer = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FaultError(Kind.JSON, f"no JSON: {error}") from None
        if not isinstance(outer, dict):
            raise FaultError(Kind.JSON, f"no JSON object: {outer.__class__.__name__}")
        kind, data = outer.get("type"), outer.get("data")
        if kind in _SILENT:
            return None
        if kind == "ris_error":
            said = data.get("message") if isinstance(data, dict) else data
            raise FaultError(Kind.ERROR, f"RIS Live says {shown(said)}")
        if kind != "ris_message":
            if data is not None or "timestamp" not in outer:
                raise FaultError(Kind.TYPE, f"a message of type {shown(kind)}")
            data = outer  # as archives of the stream keep it, without its envelope
        if not isinstance(data, dict):
            raise FaultError(Kind.FIELD, f"no object: {data.__class__.__name__}", "data")
        return data

    def _events(self, data: Mapping[str, Any], offset: int) -> list[Event]:
        make = EventMaker(data, self._peer(data), offset)
        kind = data.get("type")
        if kind in _STATES:
            return [make.state()]
        expected = _TYPES.get(kind) if isinstance(kind, str) else None
        if expected is None:
            raise FaultError(Kind.TYPE, f"a BGP message of type {shown(kind)}")
        if make.host is None and "host" in data:
            self.reports.add(Kind.FIELD, offset, "no name of a collector", "host")
        fields = None
        if expected is MessageType.UPDATE:
            fields = fields_of(data, lambda field, reason: self.reports.add(Kind.FIELD, offset, reason, field))
        octets = self._raw(data, offset)
        if octets is None:
            return self._built(make, expected, fields)
        if octets[18] != expected:
            name = Message.of(octets).name.upper()
            self.reports.add(Kind.DIFFERENCE, offset, "differs", "type", str(kind), name)
            return [make(octets, SESSIONS[0])]
        if fields is not None:
            event, differing = self._fitting(make, fields, octets)
        else:
            event = make(octets, SESSIONS[0])
            differing = self._others(event, data)
        for field, said, raw in differing:
            self.reports.add(Kind.DIFFERENCE, offset, "differs", field, said, raw)
        return [event]

    def _peer(self, data: Mapping[str, Any]) -> Peer:
        """One object for all messages that name the same peer."""
        address, asn = data.get("peer"), data.get("peer_asn")
        try:
            number_of_peer = number(asn)
        except (ValueError, TypeError) as error:
            raise FaultError(Kind.FIELD, str(error), "peer_asn") from None
        if not isinstance(address, str):
            raise FaultError(Kind.FIELD, f"no address: {shown(address)}", "peer")
        key = address, number_of_peer
        found = self._peers.get(key)
        if found is None:
            try:
                peer = Peer(Address(address), number_of_peer)
            except ValueError as error:
                raise FaultError(Kind.FIELD, str(error), "peer") from None
            found = remember(self._peers, key, peer, _PEERS)
        return found

    def _raw(self, data: Mapping[str, Any], offset: int) -> bytes | None:
        """The message that ``raw`` is; ``None`` where there is none, or none that can be read, which is reported."""
        raw = data.get("raw")
        if raw is None:
            return None
        try:
            if not isinstance(raw, str):
                raise TypeError(f"no text: {raw.__class__.__name__}")
            octets = bytes.fromhex(raw)
            check_any_marker(octets)
            length = octets[16] << 8 | octets[17]
            if length != len(octets):
                raise ValueError(f"a message of {length} octets, {len(octets)} there")
            Message.of(octets).check()
        except (ValueError, TypeError, IndexError) as error:
            self.reports.add(Kind.RAW, offset, str(error), "raw")
            return None
        return octets

    def _built(self, make: EventMaker, expected: MessageType, fields: Fields | None) -> list[Event]:
        """The events that the fields alone make."""
        try:
            if fields is not None:
                messages = build_updates(fields)
            elif expected is MessageType.KEEPALIVE:
                messages = [build_keepalive()]
            elif expected is MessageType.NOTIFICATION:
                messages = [build_notification(make.data)]
            else:
                raise ValueError("the fields do not say all of it")
        except (ValueError, TypeError, KeyError) as error:
            name = expected.name
            raise FaultError(Kind.FIELD, f"no raw, and no {name} can be made of the fields: {error}") from None
        if fields is not None and fields.announced and fields.origin is None:
            self.reports.add(Kind.FIELD, make.offset, "not said, and there must be one: IGP", "origin")
        self.built += len(messages)
        return [make(message, BUILT) for message in messages]

    def _fitting(self, make: EventMaker, fields: Fields, octets: bytes) -> tuple[Event, list[Difference]]:
        """The UPDATE read in the session that agrees best with the fields, and where they differ even so.

        First in that of the peer's other messages; where routes cannot be read in that, only one that agrees in all
        is better.
        """
        usual = self._sessions.get(make.peer, SESSIONS[0])
        best: tuple[Event, list[Difference]] = make(octets, usual), []
        fewest = 1
        fault: DecodeError | None = None
        for session in (usual, *(one for one in SESSIONS if one is not usual)):
            event = make(octets, session)
            try:
                found = list(differences(fields, event))
            except DecodeError as error:
                if session is usual:
                    fault = error
                continue
            if session is usual or len(found) < fewest:
                best, fewest = (event, found), len(found)
            if not found:
                if session is not usual:
                    remember(self._sessions, make.peer, session, _PEERS)
                return best
        if fault is not None:
            self.reports.add(Kind.RAW, make.offset, str(fault), "raw")
        return best

    def _others(self, event: Event, data: Mapping[str, Any]) -> list[Difference]:
        """Where the fields of another message than UPDATE differ from it."""
        message = event.message
        assert message is not None
        return list(
            other_differences(data, message, lambda field, why: self.reports.add(Kind.FIELD, event.offset, why, field))
        )
