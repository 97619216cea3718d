"""Capabilities of a few named fields: role, BGPsec, labels, names, versions, sessions, limits."""

from __future__ import annotations

from typing import ClassVar

from bgpwire.afi_safi import Family
from bgpwire.capability.base import FieldCapability
from bgpwire.capability.fields import afi, direction, safi, short_text
from bgpwire.field import (
    Bits,
    Field,
    chosen,
    joined,
    named,
    octets,
    packed,
    record,
    repeat,
    text,
    turned,
    u8,
    u16,
)
from bgpwire.numbers import capability_name
from bgpwire.numbers.capability import (
    BGP_ROLE,
    BGPSEC,
    DYNAMIC_CAPABILITY,
    DYNAMIC_CAPABILITY_DEPRECATED,
    FQDN,
    MULTIPLE_LABELS,
    MULTISESSION,
    PATHS_LIMIT,
    PRESTANDARD_FQDN,
    PRESTANDARD_MULTISESSION,
    ROUTING_POLICY_DISTRIBUTION,
    SOFTWARE_VERSION,
)
from bgpwire.registry import capability

ROLES = {0: "provider", 1: "rs_server", 2: "rs_client", 3: "customer", 4: "peer"}


def _families(**members: Field) -> Field:
    """An AFI and a SAFI with some fields behind, until the octets end."""
    return record(families=repeat(record(afi=afi, safi=safi, **members)))


_bgpsec = joined(
    packed(1, version=4, direction=Bits(1, {0: "receive", 1: "send"}), unassigned=Bits(3, spare=True)), record(afi=afi)
)
"""RFC 8205 section 2.1: version in 4 bits, a direction bit (set: to send), AFI."""

_codes = turned(
    octets,
    lambda data: [{"code": code, "name": capability_name(code)} for code in data],
    lambda items: bytes(item["code"] for item in items),
    schema={
        "type": "array",
        "items": {"type": "object", "properties": {"code": u8.schema(), "name": text.schema()}, "required": ["code"]},
    },
    exact=True,
)
"""Capability codes, until the octets end."""


@capability(BGPSEC)
class BgpSec(FieldCapability):
    """What the speaker signs and verifies (RFC 8205 section 2.1)."""

    field: ClassVar[Field] = _bgpsec


@capability(MULTIPLE_LABELS)
class MultipleLabels(FieldCapability):
    """How many labels the speaker can process in a route of a family that it receives (RFC 8277 section 2.1)."""

    field = _families(count=u8)

    @property
    def counts(self) -> dict[Family, int]:
        """The count of each family, 255: no limit.

        A count of 0 or 1 is ignored, and all but the first triple of a family.
        """
        out: dict[Family, int] = {}
        for at in range(0, len(self.data), 4):
            count = self.data[at + 3]
            if count > 1:
                out.setdefault(Family(int.from_bytes(self.data[at : at + 2]), self.data[at + 2]), count)
        return out


@capability(BGP_ROLE)
class BgpRole(FieldCapability):
    """The speaker's role (RFC 9234 section 4.1)."""

    field = record(role=named(ROLES))


@capability(DYNAMIC_CAPABILITY_DEPRECATED, DYNAMIC_CAPABILITY)
class DynamicCapability(FieldCapability):
    """Which capabilities may change while the session lives (draft-ietf-idr-dynamic-cap)."""

    field = record(capabilities=_codes)


@capability(MULTISESSION, PRESTANDARD_MULTISESSION)
class Multisession(FieldCapability):
    """Flags, then what identifies a session (draft-ietf-idr-bgp-multisession section 4)."""

    field = record(flags=u8, session_id=_codes)


_version = chosen(
    lambda reader: short_text if len(reader) and reader.peek() == len(reader) - 1 else text,
    lambda value: short_text,
    short_text,
    text,
)


@capability(ROUTING_POLICY_DISTRIBUTION)
class RoutingPolicyDistribution(FieldCapability):
    """draft-ietf-idr-rpd section 4.4."""

    field = _families(direction=direction)


@capability(FQDN, PRESTANDARD_FQDN)
class Fqdn(FieldCapability):
    """Host name and domain name (draft-walton-bgp-hostname-capability)."""

    field = record(hostname=short_text, domain=short_text)


@capability(SOFTWARE_VERSION)
class SoftwareVersion(FieldCapability):
    """draft-abraitis-bgp-version-capability section 3: UTF-8; early drafts and most senders put its length in front."""

    field = record(version=_version)


@capability(PATHS_LIMIT)
class PathsLimit(FieldCapability):
    """How many paths a family may have (draft-abraitis-idr-addpath-paths-limit)."""

    field = _families(limit=u16)
