"""What the ExaBGP scripts share: a session, octets of messages, and a description of what was decoded of them."""

from __future__ import annotations

import os
import pickle
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

EXTENDED = 0x10


def find_main() -> str | None:
    """The ``src`` of a checkout of ExaBGP's main line, which ``EXABGP_MAIN`` names."""
    checkout = os.environ.get("EXABGP_MAIN")
    return str(Path(checkout) / "src") if checkout else None


# ---------------------------------------------------------------------- octets


def attribute(flags: int, code: int, value: bytes) -> bytes:
    """A path attribute; its length takes two octets where it must."""
    if len(value) > 255:
        return struct.pack("!BBH", flags | EXTENDED, code, len(value)) + value
    return bytes((flags, code, len(value))) + value


def update(withdrawn: bytes = b"", attributes: bytes = b"", announced: bytes = b"") -> bytes:
    """An UPDATE without its header."""
    head = struct.pack("!H", len(withdrawn)) + withdrawn
    return head + struct.pack("!H", len(attributes)) + attributes + announced


def prefixes4(count: int, bits: int = 24) -> bytes:
    """``count`` IPv4 prefixes."""
    return b"".join(bytes((bits,)) + struct.pack("!I", 0x0A000000 + (i << 8))[: (bits + 7) // 8] for i in range(count))


def prefixes6(count: int) -> bytes:
    """``count`` IPv6 prefixes of 48 bits."""
    return b"".join(b"\x30\x20\x01" + struct.pack("!I", 0x0DB80000 + i) for i in range(count))


def vpn4(count: int) -> bytes:
    """``count`` VPN-IPv4 prefixes of 24 bits, a label and a distinguisher before each."""
    head = b"\x00\x00\xfd\xe9\x00\x00\x00\x64"
    return b"".join(
        bytes((112,)) + struct.pack("!I", (16 + i) << 4 | 1)[1:] + head + struct.pack("!I", 0x0A000000 + (i << 8))[:3]
        for i in range(count)
    )


BASIC = (
    attribute(0x40, 1, b"\x00")
    + attribute(0x40, 2, b"\x02\x03" + struct.pack("!3I", 65001, 65002, 3356))
    + attribute(0x40, 3, bytes((10, 0, 0, 1)))
)


def ten_attributes(salt: int = 0) -> bytes:
    """Ten path attributes; with another ``salt``, other octets."""
    return (
        BASIC
        + attribute(0x80, 4, struct.pack("!I", salt))
        + attribute(0x40, 5, struct.pack("!I", 100))
        + attribute(0xC0, 7, struct.pack("!I", 65001) + bytes((10, 0, 0, 1)))
        + attribute(0xC0, 8, struct.pack("!6H", 3356, 1, 3356, 2, 65001, 100))
        + attribute(0x80, 9, bytes((10, 0, 0, 2)))
        + attribute(0x80, 10, bytes((10, 0, 0, 3, 10, 0, 0, 4)))
        + attribute(0xC0, 32, struct.pack("!6I", 65001, 1, 2, 65001, 3, 4))
    )


def reach(afi: int, safi: int, next_hop: bytes, prefixes: bytes) -> bytes:
    """MP_REACH_NLRI."""
    return attribute(0x80, 14, struct.pack("!HBB", afi, safi, len(next_hop)) + next_hop + b"\x00" + prefixes)


HOP6 = bytes.fromhex("20010db8000000000000000000000001")


# ---------------------------------------------------------------------- ExaBGP


class Exa:
    """One ExaBGP, whichever line ``import exabgp`` finds: sessions, decoding, and what was decoded."""

    def __init__(self) -> None:
        os.environ.setdefault("exabgp_log_enable", "false")
        from exabgp.environment import getenv
        from exabgp.logger import log

        log.init(getenv())  # as the daemon does: its log is there, and nobody reads the level of each prefix
        from exabgp.bgp.message.direction import Direction
        from exabgp.bgp.message.update import Update
        from exabgp.protocol.family import AFI, SAFI

        from bgpwire.compat.exabgp import exabgp_version

        self.version = exabgp_version()
        self.released = self.version.startswith("5.")
        self._direction = Direction.IN
        self._update = Update
        self._afi, self._safi = AFI, SAFI
        self._sessions: dict[Any, Any] = {}
        self._encoder = self._find_encoder()

    def _find_encoder(self) -> Any:
        from exabgp.reactor.api.response import Response
        from exabgp.version import json as version

        return Response.JSON(version)

    def session(self, asn4: bool = True, add_path: bool = False, aigp: bool = True, extended: bool = False) -> Any:
        """What a decoder asks of a negotiated session; the same object for the same answers."""
        key = (asn4, add_path, aigp, extended)
        if key not in self._sessions:
            self._sessions[key] = self._make_session(*key)
        return self._sessions[key]

    def fresh_session(self, **answers: bool) -> Any:
        """The same, that has seen nothing."""
        given = {"asn4": True, "add_path": False, "aigp": True, "extended": False} | answers
        return self._make_session(**given)

    def _make_session(self, asn4: bool, add_path: bool, aigp: bool, extended: bool) -> Any:
        session = _Session()
        create = (self._afi.create, self._safi.create) if self.released else (self._afi.from_int, self._safi.from_int)
        families = [(a, s) for a in (1, 2) for s in (1, 2, 4, 5, 85, 128, 132, 133, 134)]
        families += [(25, 65), (25, 70), (16388, 71), (16388, 72)]
        session.families = [(create[0](a), create[1](s)) for a, s in families]
        session.asn4, session.aigp, session.wants_paths = asn4, aigp, add_path
        session.addpath = _Paths(add_path)
        session.direction = self._direction
        if extended:  # IPv4 prefixes may have IPv6 next hops (RFC 8950)
            session.nexthop = [(create[0](1), create[1](s), create[0](2)) for s in (1, 2, 4, 128)]
        return session

    def decode(self, body: bytes, session: Any) -> Any:
        """The UPDATE of ``body``, as ExaBGP's reactor decodes it."""
        if self.released:
            return self._update.unpack_message(body, self._direction, session)
        return self._update.unpack_message(body, session)

    def describe(self, body: bytes, session: Any, deep: bool = True) -> Any:
        """What comes of ``body``: every object by type, value, text, JSON, octets, hash and pickle, or the error."""
        try:
            decoded = self.decode(body, session)
        except RecursionError:
            return ("RecursionError",)
        except Exception as error:
            return (type(error).__name__, getattr(error, "code", None), getattr(error, "subcode", None),
                    getattr(error, "data", None), str(error))  # fmt: skip
        return self.picture(decoded, session, deep)

    def picture(self, decoded: Any, session: Any, deep: bool = True) -> Any:
        """See :meth:`describe`."""
        held = decoded if self.released or not hasattr(decoded, "data") else decoded.data
        if getattr(decoded, "EOR", False) is True or getattr(decoded, "IS_EOR", False) is True:
            return ("EOR", repr(decoded.nlris), type(decoded))
        attributes = held.attributes
        items = [(int(k), type(v), _ask(str, v), self._octets(v, session)) for k, v in attributes.items()]
        told = _ask(attributes.json), _ask(str, attributes), _ask(hash, attributes)
        if self.released:
            hops = [getattr(nlri, "nexthop", None) for nlri in held.nlris]
            routes = [self._route(n, n.action, str(h), type(h), deep) for n, h in zip(held.nlris, hops, strict=True)]
        else:
            routes = [self._route(r.nlri, "announce", str(r.nexthop), type(r.nexthop), deep) for r in held.announces]
            routes += [self._route(n, "withdraw", None, None, deep) for n in held.withdraws]
        if not deep:
            return (type(decoded), type(held), items, told, routes)
        nlris = held.nlris if self.released else [route.nlri for route in held.announces] + held.withdraws
        some = nlris[:3] + nlris[-1:]
        pickled = _ask(lambda: [_state(nlri) for nlri in pickle.loads(pickle.dumps(some))])
        said = _ask(self._encoder._update, held)
        return (type(decoded), type(held), items, told, routes, said, pickled)

    def _octets(self, value: Any, session: Any) -> Any:
        pack = getattr(value, "pack", None) if self.released else getattr(value, "pack_attribute", None)
        try:
            return bytes(pack(session)) if pack else None
        except Exception as error:
            return type(error).__name__

    def _route(self, nlri: Any, action: Any, hop: Any, hop_type: Any, deep: bool) -> Any:
        family = (type(nlri.afi), int(nlri.afi), type(nlri.safi), int(nlri.safi))
        base = (type(nlri), family, action, hop, hop_type, _ask(repr, nlri), _ask(nlri.index))
        if not deep:
            return base
        return (*base, _ask(nlri.json), _ask(hash, nlri), _ask(len, nlri), _state(nlri))


def _ask(question: Any, *args: Any) -> Any:
    """The answer; or the error, for ExaBGP cannot tell everything of all that it decodes."""
    try:
        return question(*args)
    except Exception as error:
        return (type(error), str(error))


class _Paths:
    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted

    def receive(self, afi: Any, safi: Any) -> bool:
        return self._wanted

    send = receive


class _Session:
    """What ExaBGP's ``Negotiated`` has after two OPENs."""

    def __init__(self) -> None:
        self.asn4 = self.aigp = True
        self.wants_paths = False
        self.families: list[Any] = []
        self.nexthop: list[Any] = []
        self.neighbor = None
        self.linklocal_nexthop = False
        self.msg_size = 65535
        self.local_as = self.peer_as = 65000
        self.cached_attributes = None
        self.cached_wire = b""

    def required(self, afi: Any, safi: Any) -> bool:
        return self.wants_paths


def _state(value: Any) -> Any:
    """Every attribute that is set, of ``value`` and of what it holds, by name and type."""
    if isinstance(value, (int, str, bytes, type(None))):
        return (type(value), value)
    if isinstance(value, (list, tuple)):
        return (type(value), [_state(item) for item in value])
    if isinstance(value, type):
        return value
    names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()) if hasattr(value, name)]
    held = {name: getattr(value, name) for name in names}
    held.update(getattr(value, "__dict__", {}))
    held.pop("unique", None)  # ExaBGP numbers its VPLS routes as it makes them
    return (type(value), [(name, _state(item)) for name, item in held.items()])
