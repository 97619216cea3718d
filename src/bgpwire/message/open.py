"""OPEN (RFC 4271 section 4.2; optional parameters: RFC 5492, RFC 9072)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._impl import Address, Reader
from bgpwire.afi_safi import Family
from bgpwire.capability import Capability, UnknownCapability, decode_capability
from bgpwire.capability.add_path import AddPath
from bgpwire.capability.asn4 import Asn4
from bgpwire.capability.extended_next_hop import ExtendedNextHop
from bgpwire.capability.graceful_restart import GracefulRestart
from bgpwire.capability.multiprotocol import Multiprotocol
from bgpwire.capability.session_options import MultipleLabels
from bgpwire.capability.whole import capability as capability_field
from bgpwire.errors import DecodeError, OpenMessageError
from bgpwire.field import u8, u16
from bgpwire.field.address import ipv4
from bgpwire.field.base import integer_of, items_of, members_of, octets_of
from bgpwire.field.form_error import each, member
from bgpwire.message.base import Message
from bgpwire.numbers import capability as codes
from bgpwire.numbers import capability_name
from bgpwire.numbers.error_code import (
    BAD_BGP_IDENTIFIER,
    BAD_PEER_AS,
    ROLE_MISMATCH,
    UNACCEPTABLE_HOLD_TIME,
    UNSPECIFIC,
    UNSUPPORTED_OPTIONAL_PARAMETER,
    UNSUPPORTED_VERSION_NUMBER,
)
from bgpwire.numbers.message import OPEN
from bgpwire.value.attributes import AS_TRANS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    from bgpwire.session import Session

AUTHENTICATION, CAPABILITIES = 1, 2
"""IANA "BGP OPEN Optional Parameter Types"; the first is deprecated."""

# Codes of which several are the normal case, or are joined; of the others the first counts, of these the last:
_JOINED = frozenset(
    (
        codes.MULTIPROTOCOL,
        codes.OUTBOUND_ROUTE_FILTERING,
        codes.EXTENDED_NEXT_HOP,
        codes.DYNAMIC_CAPABILITY_DEPRECATED,
        codes.DYNAMIC_CAPABILITY,
        codes.ADD_PATH,
        codes.ROUTING_POLICY_DISTRIBUTION,
        codes.PATHS_LIMIT,
        codes.PRESTANDARD_OUTBOUND_ROUTE_FILTERING,
        codes.PRESTANDARD_OUTBOUND_ROUTE_FILTERING_CISCO,
    )
)
_LAST = frozenset((codes.GRACEFUL_RESTART, codes.LONG_LIVED_GRACEFUL_RESTART))


_MOST = 4096 - 29 - 4
"""Octets of optional parameters, each with two octets in front (RFC 4271 section 4.2, RFC 8654 section 4, RFC 9072)."""


class Parameter(NamedTuple):
    """An optional parameter as it came: type 2 holds capabilities, others are kept whole."""

    type: int
    data: bytes
    offset: int


class Open(Message, type=OPEN):
    """Version, AS number, hold time, BGP identifier, and what the speaker is capable of."""

    __slots__ = ("_capabilities", "_parameters")

    _capabilities: tuple[Capability, ...] | None
    _parameters: tuple[Parameter, ...] | None

    @classmethod
    def build(
        cls,
        asn: int,
        bgp_id: Address | str,
        hold_time: int = 90,
        capabilities: Iterable[Capability | tuple[int, bytes]] = (),
        *,
        asn4: bool = True,
        extended_parameters: bool = False,
    ) -> Self:
        """The message to send. ``capabilities`` are values, or pairs of code and octets, all in one parameter (RFC 5492
        section 4).

        Capability 65 with the AS number is put behind them, unless it is among them or ``asn4`` is false (RFC 6793
        section 3). An AS number over 65535 goes as AS_TRANS in the header. Parameters of more than 255 octets have
        lengths of two, and with ``extended_parameters`` any have (RFC 9072 section 2). ``hold_time`` is in seconds, 0
        or 3 to 65535 (RFC 4271 section 4.2). ValueError for other times, where the AS number does not fit into 4
        octets, or into 2 with ``asn4=False``, the identifier is 0, or the capabilities have no room.
        """
        if not 0 <= asn <= 0xFFFFFFFF:
            raise ValueError(f"AS number {asn} does not fit into 4 octets")
        if asn > 0xFFFF and not asn4:
            raise ValueError(f"AS number {asn} needs capability 65: it does not fit into 2 octets (asn4=False)")
        if not (hold_time == 0 or 3 <= hold_time <= 0xFFFF):
            raise ValueError(f"a hold time of {hold_time} seconds")
        identifier = bytes(bgp_id if isinstance(bgp_id, Address) else Address(bgp_id))
        if len(identifier) != 4 or not any(identifier):
            raise ValueError(f"{bgp_id} is no BGP identifier")
        found = [item if isinstance(item, Capability) else decode_capability(*item, 0) for item in capabilities]
        if asn4 and all(item.code != codes.FOUR_OCTET_AS for item in found):
            found.append(decode_capability(codes.FOUR_OCTET_AS, asn.to_bytes(4), 0))
        head = b"\4" + (asn if asn <= 0xFFFF else AS_TRANS).to_bytes(2) + hold_time.to_bytes(2) + identifier
        return cls._packed(head + _parameters_of(found, extended=extended_parameters))

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        """Capabilities stand in one parameter, in front of others."""
        asn = member(integer_of, form, "asn")
        found = member(_capabilities_of, form, "capabilities", ())
        if asn > 0xFFFF:
            if all(item.code != codes.FOUR_OCTET_AS for item in found):
                found.append(decode_capability(codes.FOUR_OCTET_AS, asn.to_bytes(4), 0))
            asn = AS_TRANS
        others = member(_others_of, form, "parameters", ())
        extended = form.get("extended_parameters") is True
        head = member(u8.encode_json, form, "version", 4) + asn.to_bytes(2)
        head += member(u16.encode_json, form, "hold_time", 90) + member(ipv4.encode_json, form, "bgp_id")
        return head + _parameters_of(found, others, extended)

    def check(self) -> None:
        """RFC 4271 section 6.2: parameters that do not fill the message raise 2/0, another version 2/1."""
        if self.version != 4:
            raise OpenMessageError(f"BGP version {self.version}", 19, None, UNSUPPORTED_VERSION_NUMBER, data=b"\0\4")
        for _ in self.capabilities:
            pass

    @property
    def errors(self) -> list[DecodeError]:
        """AS 0 (2/2, RFC 7607), identifier 0 (2/3, RFC 6286), a hold time of 1 or 2 s (2/6), optional parameters
        other than capabilities (2/4), capabilities that are known and malformed (2/0, RFC 4271 section 6.2), roles
        that contradict each other (2/11, RFC 9234 section 4.2)."""
        out: list[DecodeError] = []
        if not self.asn or self.asn4 == 0:
            out.append(OpenMessageError("AS 0", 20, None, BAD_PEER_AS))
        if not any(self.data[24:28]):
            out.append(OpenMessageError("BGP identifier 0.0.0.0", 24, None, BAD_BGP_IDENTIFIER))
        if self.hold_time in (1, 2):
            out.append(OpenMessageError(f"hold time {self.hold_time}", 22, None, UNACCEPTABLE_HOLD_TIME))
        for parameter in self.parameters:
            if parameter.type != CAPABILITIES:
                reason = f"optional parameter {parameter.type}"
                out.append(OpenMessageError(reason, parameter.offset, None, UNSUPPORTED_OPTIONAL_PARAMETER))
        for capability in self.capabilities:
            if isinstance(capability, UnknownCapability) and (fault := capability.error) is not None:
                reason = f"malformed capability {capability.code} ({capability.name}): {fault.reason}"
                out.append(OpenMessageError(reason, fault.offset, None, UNSPECIFIC))
        if len({capability.data for capability in self.capabilities if capability.code == codes.BGP_ROLE}) > 1:
            out.append(OpenMessageError("several BGP roles", 28, None, ROLE_MISMATCH))
        return out

    @property
    def version(self) -> int:
        return self.data[19]

    @property
    def asn(self) -> int:
        """The 2-octet field: 23456 (AS_TRANS) where the AS number needs 4 octets."""
        return int.from_bytes(self.data[20:22])

    @property
    def hold_time(self) -> int:
        """In seconds; 0: no KEEPALIVEs."""
        return int.from_bytes(self.data[22:24])

    @property
    def bgp_id(self) -> Address:
        return Address.from_bytes(self.data[24:28])

    @property
    def extended_parameters(self) -> bool:
        """Whether the parameters have 2-octet lengths: the first type octet is 255 (RFC 9072 section 2).

        The length in front of it should be 255 too, and is not looked at unless it is 0.
        """
        data = self.data
        return len(data) >= 32 and data[28] != 0 and data[29] == 255

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The optional parameters. :class:`bgpwire.OpenMessageError` 2/0 if a length does not fit."""
        if self._parameters is None:
            self._parameters = tuple(self._read_parameters())
        return self._parameters

    def _read_parameters(self) -> Iterable[Parameter]:
        reader = Reader(self.data, 28)
        width, total = 1, reader.u8()
        if self.extended_parameters:
            reader.skip(1)
            width, total = 2, reader.u16()
        if total != len(reader):
            reason = f"optional parameters of {total} octets, {len(reader)} there"
            raise OpenMessageError(reason, 28, None, UNSPECIFIC)
        try:
            while len(reader):
                offset = reader.offset
                kind = reader.u8()
                yield Parameter(kind, reader.take(reader.uint(width)), offset)
        except DecodeError as error:
            raise OpenMessageError(f"optional parameter: {error.reason}", error.offset, None, UNSPECIFIC) from None

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """All capabilities in wire order, whatever parameters they stand in; repeated ones too."""
        if self._capabilities is None:
            self._capabilities = tuple(self._read_capabilities())
        return self._capabilities

    def _read_capabilities(self) -> Iterable[Capability]:
        for parameter in self.parameters:
            if parameter.type != CAPABILITIES:
                continue
            base = parameter.offset + (3 if self.extended_parameters else 2)
            reader = Reader(parameter.data, 0, None, base)
            try:
                while len(reader):
                    code = reader.u8()
                    size = reader.u8()
                    at = reader.offset
                    yield decode_capability(code, reader.take(size), at)
            except DecodeError as error:
                raise OpenMessageError(f"capability: {error.reason}", error.offset, None, UNSPECIFIC) from None

    @property
    def asn4(self) -> int | None:
        """The AS number in capability 65, ``None`` without it."""
        return next((c.asn for c in self.capabilities if isinstance(c, Asn4)), None)

    @property
    def effective_asn(self) -> int:
        """The speaker's AS number: that of capability 65 where there is one (RFC 6793 section 3)."""
        return self.asn if self.asn4 is None else self.asn4

    @property
    def families(self) -> tuple[Family, ...]:
        """The families of capability 1, in order."""
        return tuple(c.family for c in self.capabilities if isinstance(c, Multiprotocol))

    @property
    def add_path(self) -> dict[Family, int]:
        """ADD-PATH by family: 1 receive, 2 send, 3 both; the last counts where one is repeated."""
        out: dict[Family, int] = {}
        for capability in self.capabilities:
            if isinstance(capability, AddPath):
                out |= {family: mode for family, mode in capability.families if mode in (1, 2, 3)}
        return out

    @property
    def extended_next_hop(self) -> frozenset[tuple[int, int, int]]:
        """The (AFI, SAFI, next-hop AFI) triples of capability 5."""
        return frozenset(t for c in self.capabilities if isinstance(c, ExtendedNextHop) for t in c.triples)

    @property
    def multiple_labels(self) -> dict[Family, int]:
        """Capability 8: how many labels the speaker can process by family, 255: any number (RFC 8277 section 2.1).

        Of several capabilities the first counts; where that is malformed none does.
        """
        first = next((c for c in self.capabilities if c.code == codes.MULTIPLE_LABELS), None)
        return first.counts if isinstance(first, MultipleLabels) else {}

    @property
    def extended_message(self) -> bool:
        """Whether capability 6 is there."""
        return any(c.code == codes.EXTENDED_MESSAGE for c in self.capabilities)

    @property
    def graceful_restart(self) -> GracefulRestart | None:
        """Capability 64; of several the last (RFC 4724 section 3)."""
        return next((c for c in reversed(self.capabilities) if isinstance(c, GracefulRestart)), None)

    @property
    def repeated(self) -> list[dict[str, Any]]:
        """Capabilities other than multiprotocol that came more than once (RFC 5492 section 4).

        For each ``code``, ``name``, ``count``, whether they are all ``identical``, and which counts (``used``):
        ``union``, ``first`` or ``last``.
        """
        out = []
        by_code: dict[int, list[bytes]] = {}
        for capability in self.capabilities:
            by_code.setdefault(capability.code, []).append(capability.data)
        for code, values in by_code.items():
            if len(values) > 1 and code != codes.MULTIPROTOCOL:
                used = "union" if code in _JOINED else "last" if code in _LAST else "first"
                same = len(set(values)) == 1
                entry = {"code": code, "name": capability_name(code), "count": len(values), "identical": same}
                out.append(entry | {"used": used})
        return out

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "version": self.version,
            "asn": self.asn,
            "effective_asn": self.effective_asn,
            "hold_time": self.hold_time,
            "bgp_id": str(self.bgp_id),
        }
        if self.extended_parameters:
            out["extended_parameters"] = True
        out["capabilities"] = [capability.json() for capability in self.capabilities]
        if self.repeated:
            out["repeated_capabilities"] = self.repeated
        others = [_parameter(p) for p in self.parameters if p.type != CAPABILITIES]
        return out | {"parameters": others} if others else out


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """An optional parameter other than capabilities; type 1 is authentication (RFC 1771 section 4.2, deprecated)."""
    data = parameter.data
    if parameter.type == AUTHENTICATION and data:
        return {"type": AUTHENTICATION, "name": "authentication_information", "code": data[0], "data": data[1:].hex()}
    return {"type": parameter.type, "value": data.hex()}


def _capabilities_of(form: Any) -> list[Capability]:
    return each(capability_field[1].from_json, items_of(form))


def _others_of(form: Any) -> list[tuple[int, bytes]]:
    return each(_parameter_of, items_of(form))


def _parameter_of(form: Any) -> tuple[int, bytes]:
    """Type and value of a parameter."""
    kind = integer_of(members_of(form)["type"])
    if "value" in form:
        return kind, octets_of(form["value"])
    return kind, bytes((integer_of(form["code"]),)) + octets_of(form["data"])


def _parameters_of(
    capabilities: Sequence[Capability], others: Sequence[tuple[int, bytes]] = (), extended: bool = False
) -> bytes:
    """The Optional Parameters field with its length (RFC 4271 section 4.2), ``extended`` or where there is too much
    with lengths of two octets (RFC 9072 section 2). ValueError where they have no room there."""
    try:
        found = [(CAPABILITIES, b"".join(map(bytes, capabilities)))] if capabilities else []
    except OverflowError:
        raise ValueError("a capability of more than 255 octets") from None
    found += others
    size = sum(2 + len(value) for _, value in found)
    extended = extended or size > 0xFF
    width = 2 if extended else 1
    if size > _MOST:
        raise ValueError(f"optional parameters of {size} octets: an OPEN has 4,096 at most")
    parameters = b"".join(bytes((kind,)) + len(value).to_bytes(width) + value for kind, value in found)
    return (b"\xff\xff" if extended else b"") + len(parameters).to_bytes(width) + parameters
