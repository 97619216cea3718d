"""D-PATH (draft-ietf-bess-evpn-ipvpn-interworking section 4): the domains a route of a VPN passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import DecodeError
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

# The inter-subnet forwarding SAFI by which the route came.
ISF_SAFIS = {0: "local", 1: "unicast", 70: "evpn", 128: "ip_vpn"}


@attribute(36, "d_path", 0xC0)
class DPath(FieldAttribute):
    """Segments of domains, the latest first. Malformed: treated as withdrawn."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[dict[str, Any], ...]:
        """Each segment: how many domains (1 octet), each an administrator (4) and a number (2), and the SAFI (1)."""
        out = []
        while len(reader):
            at = reader.offset
            count = reader.u8()
            if not count:
                raise DecodeError("segment without a domain", at)
            domains = tuple(f"{reader.u32()}:{reader.u16()}" for _ in range(count))
            safi = reader.u8()
            out.append({"domains": domains, "isf_safi": ISF_SAFIS.get(safi, safi)})
        if not out:
            raise DecodeError("no segment", reader.offset)
        return tuple(out)

    def __str__(self) -> str:
        return " ".join(f"{','.join(s['domains'])}({s['isf_safi']})" for s in self.values)
