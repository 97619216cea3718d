"""The shortest look at a vector's octets that still tells two implementations apart: JSON, errors, octets."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

from support.context import attribute, message, read_through, session, told
from support.context import family as parse_family
from support.kinds_attribute import CODES
from support.kinds_message import BODIES

if TYPE_CHECKING:
    from support.vectors import Vector

_VALUES = {
    "community": "Community",
    "extended_community": "ExtendedCommunity",
    "large_community": "LargeCommunity",
    "route_distinguisher": "RouteDistinguisher",
    "address": "Address",
}


class Glance:
    """Looks at many octets in the context of one vector: ``look(octets)`` is JSON text, or the error's arguments."""

    def __init__(self, package: Any, vector: Vector) -> None:
        self.package = package
        self.vector = vector
        kind = vector.kind
        self._look = getattr(self, f"_{kind}", None)
        if kind == "message" or kind in BODIES:
            self._session = session(package, vector, extended_message=True)
            self._look = self._message
        elif kind in CODES or kind == "attribute":
            self._session = session(package, vector)
            self.code = CODES.get(kind) or vector.context["code"]
            entry = package.registry.ATTRIBUTES.get(self.code)
            default = 0xC0 if entry is None or entry.flags is None else entry.flags
            self.flags = vector.get("flags", default)
            rib = vector.get("rib_family")
            self.rib = None if rib is None else parse_family(package, rib)
            self._look = self._attribute
        elif kind == "nlri":
            self._session = session(package, vector)
            self.family = {name: vector.get(name, 1) for name in ("afi", "safi")}
            self.family["withdraw"] = vector.get("withdraw", False)
        elif kind in _VALUES:
            self.cls = getattr(package, _VALUES[kind])
            self._look = self._value
        elif kind == "mrt":
            self.add_path = [parse_family(package, item) for item in vector.get("add_path", [])]

    def look(self, octets: bytes) -> str:
        """Nothing but a DecodeError may come out of a decoder: all else goes through to the test."""
        assert self._look is not None, self.vector.kind
        try:
            form = self._look(octets)
        except self.package.DecodeError as error:
            form = [type(error).__name__, error.json()]
        return json.dumps(form)

    def _message(self, octets: bytes) -> Any:
        kind = BODIES.get(self.vector.kind)
        found = self.package.Message.decode(octets if kind is None else message(kind, octets), self._session)
        assert bytes(found).endswith(octets)
        return found.json()

    def _attribute(self, octets: bytes) -> Any:
        block = attribute(self.flags, self.code, octets)
        found = self.package.PathAttributes(block, 0, None, self._session, 0, self.rib)
        assert bytes(found) == block
        return found.json()

    def _nlri(self, octets: bytes) -> Any:
        found = self.package.MpNlriCollection(octets, self._session, **self.family)
        assert bytes(found) == octets
        return [found.json(), None if found.error is None else found.error.json()]

    def _capability(self, octets: bytes) -> Any:
        if not octets:
            return None
        found = self.package.capability.decode_capability(octets[0], octets[2:], 2)
        return found.json()

    def _value(self, octets: bytes) -> Any:
        if len(octets) != len(self.vector.data):
            return None  # their size is their type's: another is a caller's mistake, not wrong input
        if self.vector.kind == "community":
            found = self.cls.from_int(int.from_bytes(octets))
        else:
            found = self.cls.from_bytes(octets)
        assert bytes(found) == octets
        return [found.json(), str(found)]

    def _mrt(self, octets: bytes) -> Any:
        package = self.package
        file = package.mrt.open(octets, add_path=self.add_path, on_skip=told)
        out = []
        for record in read_through(package, file.records()):
            if isinstance(record, Exception):
                out.append(record.json())
                continue
            assert octets[record.offset : record.offset + 12 + len(record.data)] == bytes(record)
            try:
                out.append(package.mrt.record_json(record, add_path=self.add_path))
            except package.DecodeError as error:
                out.append(error.json())
        return [out, [str(skip) for skip in file.skips]]

    def _openbmp(self, octets: bytes) -> Any:
        found = self.package.live.openbmp.decode(octets)
        assert bytes(found) == octets
        return [found.json(), found.name, [event.json() for event in self._decoder().feed(octets)]]

    def _decoder(self) -> Any:
        return self.package.live.openbmp.Decoder(strip_asn=6447, withdraw=True)

    def _bmp(self, octets: bytes) -> Any:
        """A stream of it is read to its end whatever is in it, and all of it is handed out or counted."""
        file = self.package.bmp.open(octets, withdraw=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", self.package.BmpWarning)
            messages = list(file.records())
            monitor = file.monitor
            routes = [route.json() for route in file.routes()]
        size = sum(len(bytes(message)) for message in messages)
        assert size + monitor.framer.gap_octets + monitor.framer.pending == len(octets)
        faults = [error.json() for error in monitor.router.faults]
        return [[message.json() for message in messages], routes, faults, [str(gap) for gap in monitor.framer.gaps]]
