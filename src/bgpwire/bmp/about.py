"""Initiation, Termination, Statistics Report and Route Policy Trace: what a router says of itself and of its peers
(RFC 7854 sections 4.3, 4.5 and 4.8, RFC 8671, RFC 9972)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from bgpwire._impl import Reader
from bgpwire.afi_safi import Family
from bgpwire.bmp.message import BmpMessage, Body, bmp_type
from bgpwire.bmp.tlv import BmpTlv, first_text, information, read_tlvs
from bgpwire.errors import BmpError, DecodeError
from bgpwire.immutable import Immutable
from bgpwire.numbers import bmp as numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Informing(BmpMessage):
    """A message that is nothing but TLVs."""

    information: tuple[BmpTlv, ...] = ()

    def fields(self) -> dict[str, Any]:
        return {"information": [tlv.json() for tlv in self.information]}


@bmp_type(numbers.INITIATION)
@dataclass(frozen=True, slots=True, kw_only=True)
class Initiation(_Informing):
    """The first message: who the router is."""

    name: ClassVar[str] = "initiation"

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        found, fault = information(body.reader, body.version, numbers.INFORMATION)
        body.fault(fault)
        return {"information": found}

    @property
    def sys_name(self) -> str | None:
        return first_text(self.information, "sys_name")

    @property
    def sys_descr(self) -> str | None:
        return first_text(self.information, "sys_descr")


@bmp_type(numbers.TERMINATION)
@dataclass(frozen=True, slots=True, kw_only=True)
class Termination(_Informing):
    """The last message: why the router ends."""

    name: ClassVar[str] = "termination"

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        found, fault = information(body.reader, body.version, numbers.TERMINATION_INFORMATION)
        body.fault(fault)
        return {"information": tuple(_reason(tlv) for tlv in found)}

    @property
    def reason(self) -> int | None:
        """0 to 4 (RFC 7854 section 4.5); ``None`` where it is not said."""
        return next(
            (int.from_bytes(tlv.data) for tlv in self.information if tlv.name == "reason" and not tlv.error), None
        )


def _reason(tlv: BmpTlv) -> BmpTlv:
    if tlv.name != "reason":
        return tlv
    if len(tlv.data) != 2:
        error = BmpError(f"reason of {len(tlv.data)} octets", 0)
        return BmpTlv(tlv.type, tlv.name, tlv.data, None, None, None, error)
    name = numbers.bmp_name(numbers.TERMINATION_REASONS, int.from_bytes(tlv.data), "reason")
    return BmpTlv(tlv.type, tlv.name, tlv.data, name)


@dataclass(frozen=True, slots=True)
class Statistic(Immutable):
    """One number: a counter of 32 bits, or a gauge of 64."""

    type: int
    value: int | None
    """``None`` where the octets are no number of the type; they are in ``data``."""
    family: Family | None
    data: bytes
    enterprise: int | None = None
    """The vendor's private enterprise number, of a type of its own."""
    error: DecodeError | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """With underscores; ``statistic_N`` for a type that is not registered, or a vendor's own."""
        names = numbers.STATISTICS if self.enterprise is None else {}
        return numbers.bmp_name(names, self.type, "statistic")

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": self.type, "name": self.name}
        if self.enterprise is not None:
            out["enterprise"] = self.enterprise
        if self.family is not None:
            out["family"] = str(self.family)
        out["value"] = self.data.hex() if self.value is None else self.value
        if self.error is not None:
            out["error"] = {"reason": self.error.reason, "offset": self.error.offset}
        return out


_COUNTERS: Final = frozenset((*range(7), *range(11, 14)))
"""Types of 32 bits (RFC 7854 section 4.8); the others that are registered have 64."""


@bmp_type(numbers.STATISTICS_REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsReport(BmpMessage):
    """Numbers of one peer's routes and updates."""

    name: ClassVar[str] = "statistics_report"

    statistics: tuple[Statistic, ...] = ()
    tlvs: tuple[BmpTlv, ...] = ()
    """Of version 4, but the one that holds the statistics."""

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        if body.version < 4:
            return {"statistics": _statistics(body, body.reader)}
        begin = body.reader.offset
        octets = body.reader.rest()
        found, fault = read_tlvs(Reader(octets, 0, None, begin), body.version)
        held = next((one for one in found if one[0] == numbers.STATS_TLV and one[1] is None), None)
        if fault is not None or held is None:  # earlier revisions leave the report as it is in version 3
            return {"statistics": _statistics(body, Reader(octets, 0, None, begin))}
        statistics = _statistics(body, Reader(held[3], 0, None, held[4]))
        rest = tuple(
            BmpTlv(kind, None, data, None, None, pen)
            for one in found
            if one is not held
            for kind, pen, _, data, _ in [one]
        )
        return {"statistics": statistics, "tlvs": rest}

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"statistics": [statistic.json() for statistic in self.statistics]}
        if self.tlvs:
            out["tlvs"] = [tlv.json() for tlv in self.tlvs]
        return out


def _statistics(body: Body, reader: Reader) -> tuple[Statistic, ...]:
    """A count, and as many numbers; where there are others, what is there counts."""
    at = reader.offset
    count = reader.u32()
    found, fault = read_tlvs(reader, body.version)
    body.fault(fault)
    if fault is None and count != len(found):
        body.fault(BmpError(f"{count} statistics, {len(found)} there", at))
    return tuple(_statistic(*one) for one in found)


def _statistic(kind: int, enterprise: int | None, index: int | None, data: bytes, at: int) -> Statistic:
    name = numbers.STATISTICS.get(kind) if enterprise is None else None
    if name is None:
        value = int.from_bytes(data) if len(data) in (4, 8) else None
        return Statistic(kind, value, None, data, enterprise)
    size = 4 if kind in _COUNTERS else 8
    of_family = name.endswith("_of_family")
    if len(data) != size + 3 * of_family:
        error = BmpError(f"{name} of {len(data)} octets, not {size + 3 * of_family}", at)
        # A counter of 8 octets, or a gauge of 4, is not to be mistaken.
        value = int.from_bytes(data) if len(data) in (4, 8) and not of_family else None
        return Statistic(kind, value, None, data, None, error)
    family = Family(data[0] << 8 | data[1], data[2]) if of_family else None
    return Statistic(kind, int.from_bytes(data[-size:]), family, data)


@bmp_type(numbers.ROUTE_POLICY_TRACE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePolicyTrace(BmpMessage):
    """What the router's policies did with a route (draft-xu-grow-bmp-route-policy-attr-trace-04 section 3)."""

    name: ClassVar[str] = "route_policy_trace"

    value: bytes = b""
    """What stands behind the per-peer header, kept whole."""

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        return {"value": body.reader.rest()}

    def fields(self) -> dict[str, Any]:
        return {"value": self.value.hex()}
