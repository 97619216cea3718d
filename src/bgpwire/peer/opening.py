"""Whether the OPEN of a peer is one to go on with (RFC 4271 section 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.capability.session_options import ROLES, BgpRole
from bgpwire.errors import Action, OpenMessageError
from bgpwire.numbers import capability as codes
from bgpwire.numbers import capability_name
from bgpwire.numbers.error_code import (
    BAD_BGP_IDENTIFIER,
    BAD_PEER_AS,
    ROLE_MISMATCH,
    UNACCEPTABLE_HOLD_TIME,
    UNSUPPORTED_CAPABILITY,
)
from bgpwire.session import Session

if TYPE_CHECKING:
    from bgpwire.errors import DecodeError
    from bgpwire.message import Open
    from bgpwire.peer.config import Config

_FITTING = frozenset(
    (("provider", "customer"), ("customer", "provider"), ("rs_server", "rs_client"), ("rs_client", "rs_server"))
) | {("peer", "peer")}
"""Which roles go together (RFC 9234 section 4.2)."""


def open_fault(config: Config, sent: Open, received: Open) -> DecodeError | None:
    """The first thing that forbids a session of these OPENs, ``None`` where there is none."""
    for error in received.errors:
        if error.action is Action.SESSION_RESET:
            return error
    asn = received.effective_asn
    if config.peer_asn is not None and asn != config.peer_asn:
        return OpenMessageError(f"AS {asn}, not {config.peer_asn}", 20, None, BAD_PEER_AS)
    if asn == config.asn and received.bgp_id == sent.bgp_id:
        return OpenMessageError("our own BGP identifier, in our own AS", 24, None, BAD_BGP_IDENTIFIER)  # RFC 6286
    if received.hold_time < config.least_hold_time:
        return OpenMessageError(f"a hold time of {received.hold_time} s", 22, None, UNACCEPTABLE_HOLD_TIME)
    return _missing(config, sent, received) or _roles(sent, received)


def _missing(config: Config, sent: Open, received: Open) -> DecodeError | None:
    """RFC 5492 section 5: Data says which capabilities are missed."""
    there = {capability.code for capability in received.capabilities}
    missed = [code for code in config.required if code not in there]
    if missed:
        ours = {capability.code: bytes(capability) for capability in sent.capabilities}
        data = b"".join(ours.get(code, bytes((code, 0))) for code in missed)
        names = ", ".join(map(capability_name, missed))
        return OpenMessageError(f"without {names}", 28, None, UNSUPPORTED_CAPABILITY, data=data)
    if not Session.from_opens(sent, received).families:
        data = b"".join(bytes(item) for item in sent.capabilities if item.code == codes.MULTIPROTOCOL)
        return OpenMessageError("no family in common", 28, None, UNSUPPORTED_CAPABILITY, data=data)
    return None


def _roles(sent: Open, received: Open) -> DecodeError | None:
    """RFC 9234 section 4.2: roles of both sides must fit; one that has none is let be."""
    ours, theirs = _role(sent), _role(received)
    if ours is None or theirs is None or (ours, theirs) in _FITTING:
        return None
    return OpenMessageError(f"role {theirs}, which does not fit {ours}", 28, None, ROLE_MISMATCH)


def _role(message: Open) -> str | None:
    found = next((item for item in message.capabilities if isinstance(item, BgpRole)), None)
    return None if found is None else ROLES.get(found.data[0], str(found.data[0]))
