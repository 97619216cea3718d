"""What ExaBGP decodes of what is built: the JSON that it hands to its processes."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING, Any

import bgpwire
from oracle.built.leaves import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oracle.built import Case


def ask(cases: Sequence[Case]) -> dict[str, dict[str, Words] | str] | str:
    """What ExaBGP shows of each case by its name, or why it was not asked."""
    if importlib.util.find_spec("exabgp") is None:
        return "ExaBGP is not installed"
    os.environ.setdefault("exabgp_log_enable", "false")
    peer = _Peer()
    return {case.name: peer.decode(case) for case in cases}


def version() -> str:
    """Which ExaBGP it is."""
    from exabgp.version import version as found

    return f"ExaBGP {found}"


class _Peer:
    """ExaBGP's decoders, which take a session that two OPENs have negotiated."""

    def __init__(self) -> None:
        from exabgp.bgp.message import Message
        from exabgp.bgp.message.action import Action
        from exabgp.bgp.message.direction import Direction
        from exabgp.bgp.message.update.attribute import Attributes
        from exabgp.environment import getenv
        from exabgp.logger import log

        log.init(getenv())
        self._message = Message
        self._direction = Direction.IN
        self._attributes, self._announce = Attributes, Action.ANNOUNCE
        self._sessions: dict[Any, Any] = {}

    def decode(self, case: Case) -> dict[str, Words] | str:
        try:
            message = self._message.unpack(case.octets[18], case.octets[19:], self._direction, self._session(case))
            return getattr(self, f"_{case.kind}")(message)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def _keepalive(self, message: Any) -> dict[str, Words]:
        return {}

    def _open(self, message: Any) -> dict[str, Words]:
        out = {"open": words(message.version, message.asn, message.hold_time, message.router_id)}
        out["codes"] = Words(octets=[str(int(code)) for code in message.capabilities])
        for code, value in message.capabilities.items():
            out[f"capability {int(code)}"] = words(int(code), value, value.json())
        return out

    def _notification(self, message: Any) -> dict[str, Words]:
        return {"notification": words(message.code, message.subcode), "details": words(message.data, message)}

    def _route_refresh(self, message: Any) -> dict[str, Words]:
        return {"family": words(message.afi, message.safi), "subtype": words(message.reserved), "filters": Words()}

    def _update(self, message: Any) -> dict[str, Words]:
        out = {"nlri": Words(), "next hop": Words(), "withdrawn": Words(), "codes": Words()}
        for code, value in message.attributes.items():
            alone = self._attributes()
            alone.add(value)
            out[f"attribute {int(code)}"] = words(value, alone.json())
            if int(code) < 256:  # above are ExaBGP's own
                out["codes"].octets.append(str(int(code)))
        for nlri in message.nlris:
            announced = nlri.action == self._announce
            part = out["nlri" if announced else "withdrawn"]
            for said in (nlri.json(), nlri):
                part.add(str(said))
            if announced:
                out["next hop"].add(str(nlri.nexthop))
        return out

    def _neighbor(self) -> Any:
        from exabgp.bgp.neighbor import Neighbor

        return Neighbor()

    def _session(self, case: Case) -> Any:
        """Negotiated by OPENs that are built here: what the case's session has, and every family that ExaBGP knows."""
        key = (case.session.asn4, case.add_path and case.family, bool(case.session.extended_next_hop))
        if key not in self._sessions:
            self._sessions[key] = self._negotiated(case)
        return self._sessions[key]

    def _negotiated(self, case: Case) -> Any:
        from exabgp.bgp.message.open.capability.negotiated import Negotiated
        from exabgp.bgp.message.update.nlri import NLRI

        families = [(int(afi), int(safi)) for afi, safi in NLRI.known_families()]
        capabilities = [(1, afi.to_bytes(2) + bytes((0, safi))) for afi, safi in families]
        capabilities.append((6, b""))
        if case.session.extended_next_hop:
            capabilities.append((5, b"".join(b"\0\1\0" + bytes((safi,)) + b"\0\2" for safi in (1, 2, 4, 128))))
        if case.add_path and case.family is not None:
            capabilities.append((69, case.family[0].to_bytes(2) + bytes((case.family[1], 3))))
        ours = bgpwire.Open.build(64499, "192.0.2.250", 90, capabilities, asn4=case.session.asn4)
        theirs = bgpwire.Open.build(64500, "192.0.2.251", 90, capabilities, asn4=case.session.asn4)
        neighbor = self._neighbor()
        neighbor["capability"]["aigp"] = True
        session = Negotiated(neighbor)
        session.sent(self._message.unpack(1, bytes(ours)[19:], self._direction, session))
        session.received(self._message.unpack(1, bytes(theirs)[19:], self._direction, session))
        return session


def words(*said: Any) -> Words:
    """What is said, text by text."""
    out = Words()
    for one in said:
        if isinstance(one, bytes):
            out.add_octets(one.hex())
            out.add(one.decode("utf-8", "replace"))
        else:
            out.add(str(one))
            if isinstance(one, int):
                out.add(str(int(one)))
    return out
