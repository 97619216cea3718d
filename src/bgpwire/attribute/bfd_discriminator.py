"""BFD Discriminator (RFC 9026 section 3.1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action, DecodeError
from bgpwire.field import address, find, tlvs
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

MODES = {1: "p2mp_bfd_session", 176: "s_bfd_session"}
TABLE = tlvs({1: ("source_ip_address", address)}, 1, 1)


@attribute(38, "bfd_discriminator", 0xC0, Action.ATTRIBUTE_DISCARD)
class BfdDiscriminator(FieldAttribute):
    """Mode, discriminator and TLVs (1 octet type, 1 octet length). Malformed: discarded."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> dict[str, Any]:
        """At least 11 octets; a point-to-multipoint session must name its source."""
        begin, size = reader.offset, len(reader)
        mode = reader.u8()
        discriminator = reader.u32()
        found = TABLE.read(reader)
        for tlv in found:
            if tlv.error is not None:
                raise DecodeError(tlv.error.reason, tlv.error.offset)
        if mode == 1 and (size < 11 or find(found, 1) is None):
            raise DecodeError("no source IP address", begin)
        return {"mode": MODES.get(mode, mode), "discriminator": discriminator, "tlvs": found}
