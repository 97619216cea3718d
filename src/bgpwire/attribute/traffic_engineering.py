"""Traffic Engineering attribute (RFC 5543 section 3): what a link of a layer 1 VPN can switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import DecodeError
from bgpwire.field import Reads, f32, octets, record, u8, u16
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

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
SPECIFIC: dict[int, Reads] = {1: _psc, 2: _psc, 3: _psc, 4: _psc, 100: _tdm}


@attribute(24, "traffic_engineering", 0x80)
class TrafficEngineering(FieldAttribute):
    """Descriptors; bandwidths are octets per second, IEEE 754 singles, priority 0 first."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[dict[str, Any], ...]:
        """One or more descriptors. What stands behind one of a capability without a known length belongs to it."""
        out = []
        while len(reader):
            capability, encoding = reader.u8(), reader.u8()
            reserved = reader.u16()
            descriptor: dict[str, Any] = {
                "switching_capability": SWITCHING.get(capability, capability),
                "encoding": ENCODINGS.get(encoding, encoding),
                "maximum_bandwidth": tuple(reader.f32() for _ in range(8)),
            }
            if reserved:
                descriptor["reserved"] = reserved
            if capability in SPECIFIC:
                descriptor |= SPECIFIC[capability](reader)
            elif capability not in SWITCHING:
                descriptor["value"] = octets(reader)
            out.append(descriptor)
        if not out:
            raise DecodeError("no descriptor", reader.offset)
        return tuple(out)
