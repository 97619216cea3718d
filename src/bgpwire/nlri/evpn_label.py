"""The 3 octets of an EVPN route that are an MPLS label or a VNI (RFC 7432 section 7, RFC 8365 section 5.1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bgpwire.field import turned, u24
from bgpwire.field.number import number_schema
from bgpwire.value.frozen import Frozen

# IANA "BGP Tunnel Encapsulation Attribute Tunnel Types" whose data plane carries a 24-bit network identifier.
VNI_TUNNELS = {8: "vxlan", 9: "nvgre", 12: "vxlan_gpe", 19: "geneve"}


@dataclass(frozen=True, slots=True, order=True)
class EvpnLabel(Frozen):
    """24 bits, of which the route alone does not say what they are: ``label`` and ``vni`` are the two readings."""

    raw: int

    @property
    def label(self) -> int:
        """The high 20 bits: an MPLS label."""
        return self.raw >> 4

    @property
    def vni(self) -> int:
        """All 24 bits: a VXLAN, NVGRE or Geneve network identifier."""
        return self.raw

    def reading(self, attributes: Any) -> tuple[int, str]:
        """The number that counts under ``attributes`` and why, as in ``(100, "encapsulation vxlan")``.

        The Encapsulation extended community (0x030c, RFC 9012 section 4.1) decides; without it the label is
        MPLS (RFC 8365 section 5.1.3).
        """
        for community in attributes.extended_communities or ():
            octets = bytes(community)
            if octets[:2] == b"\x03\x0c" and octets[7] in VNI_TUNNELS:
                return self.vni, f"encapsulation {VNI_TUNNELS[octets[7]]}"
        return self.label, "mpls: no encapsulation community says otherwise"

    def __bytes__(self) -> bytes:
        return self.raw.to_bytes(3)

    def __str__(self) -> str:
        return str(self.label)

    def json(self) -> dict[str, Any]:
        return {"label": self.label, "vni": self.vni, "raw": bytes(self).hex()}


_SCHEMA = {
    "type": "object",
    "properties": {"label": number_schema(20), "vni": number_schema(24), "raw": {"type": "string"}},
    "required": ["raw"],
}
evpn_label: Final = turned(
    u24, EvpnLabel, lambda label: label.raw, lambda form: EvpnLabel(int(form["raw"], 16)), schema=_SCHEMA, exact=True
)
