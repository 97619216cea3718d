"""D-PATH (draft-ietf-bess-evpn-ipvpn-interworking section 4): the domains a route of a VPN passed."""

from __future__ import annotations

from typing import Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.field import checked, counted, named, record, repeat, turned, u16, u32
from bgpwire.numbers.attribute import D_PATH
from bgpwire.registry import attribute

# The inter-subnet forwarding SAFI by which the route came.
ISF_SAFIS = {0: "local", 1: "unicast", 70: "evpn", 128: "ip_vpn"}


def _text(domain: dict[str, int]) -> str:
    return f"{domain['administrator']}:{domain['number']}"


def _domain(text: Any) -> dict[str, int]:
    administrator, _, number = text.partition(":")
    return {"administrator": int(administrator), "number": int(number)}


_domains = counted(
    turned(
        record(administrator=u32, number=u16),
        _text,
        _domain,
        schema={"type": "string", "pattern": "^[0-9]+:[0-9]+$"},
        exact=True,
    ),
    1,
)
"""How many, 1 octet; of each the administrator and a number, as ``65000:1``."""
_segment = record(domains=checked(_domains, bool, "segment without a domain"), isf_safi=named(ISF_SAFIS))


@attribute(D_PATH, "d_path", 0xC0)
class DPath(FieldAttribute):
    """Segments of domains, the latest first, one or more. Malformed: treated as withdrawn."""

    __slots__ = ()
    field = checked(repeat(_segment), bool, "no segment")

    def __str__(self) -> str:
        return " ".join(f"{','.join(s['domains'])}({s['isf_safi']})" for s in self.values)
