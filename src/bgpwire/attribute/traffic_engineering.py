"""Traffic Engineering attribute (RFC 5543 section 3): what a link of a layer 1 VPN can switch."""

from __future__ import annotations

from bgpwire.attribute.base import FieldAttribute
from bgpwire.field import cases, checked, f32, named, nonzero, octets, record, repeat, times, u8, u16
from bgpwire.numbers.attribute import TRAFFIC_ENGINEERING
from bgpwire.registry import attribute

# RFC 3471 section 3.1.1, RFC 4328, RFC 6002.
SWITCHING = {1: "psc_1", 2: "psc_2", 3: "psc_3", 4: "psc_4", 51: "l2sc", 100: "tdm", 150: "lsc", 200: "fsc"}
ENCODINGS = {
    1: "packet",
    2: "ethernet",
    3: "ansi_pdh",
    5: "sdh_sonet",
    7: "digital_wrapper",
    8: "lambda",
    9: "fiber",
    11: "fiber_channel",
}
_psc = record(minimum_bandwidth=f32, mtu=u16)
_tdm = record(minimum_bandwidth=f32, indication=u8)
_UNKNOWN = record(value=octets)
SPECIFIC = {name: record() for name in SWITCHING.values()}
SPECIFIC |= {"psc_1": _psc, "psc_2": _psc, "psc_3": _psc, "psc_4": _psc, "tdm": _tdm}
_descriptor = cases(
    record(
        switching_capability=named(SWITCHING),
        encoding=named(ENCODINGS),
        reserved=nonzero(u16),
        maximum_bandwidth=times(8, f32),
    ),
    lambda values: SPECIFIC.get(values["switching_capability"], _UNKNOWN),
    *SPECIFIC.values(),
    _UNKNOWN,
)
"""What stands behind a descriptor whose capability has no known length belongs to it."""


@attribute(TRAFFIC_ENGINEERING, "traffic_engineering", 0x80)
class TrafficEngineering(FieldAttribute):
    """One descriptor or more; bandwidths are octets per second, IEEE 754 singles, priority 0 first."""

    __slots__ = ()
    field = checked(repeat(_descriptor), bool, "no descriptor")
