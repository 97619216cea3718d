"""BFD Discriminator (RFC 9026 section 3.1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action, DecodeError
from bgpwire.field import address, find, named, record, tlvs, u32
from bgpwire.numbers.attribute import BFD_DISCRIMINATOR
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

_P2MP = "p2mp_bfd_session"
MODES = {1: _P2MP, 176: "s_bfd_session"}
TABLE = tlvs({1: ("source_ip_address", address)}, 1, 1)


@attribute(BFD_DISCRIMINATOR, "bfd_discriminator", 0xC0, Action.ATTRIBUTE_DISCARD)
class BfdDiscriminator(FieldAttribute):
    """Mode, discriminator and TLVs (1 octet type, 1 octet length). Malformed: discarded."""

    __slots__ = ()
    field = record(mode=named(MODES), discriminator=u32, tlvs=TABLE)

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> dict[str, Any]:
        """At least 11 octets; a point-to-multipoint session must name its source."""
        begin, size = reader.offset, len(reader)
        values: dict[str, Any] = cls.field.read(reader)
        for tlv in values["tlvs"]:
            if tlv.error is not None:
                raise DecodeError(tlv.error.reason, tlv.error.offset)
        if values["mode"] == _P2MP and (size < 11 or find(values["tlvs"], 1) is None):
            raise DecodeError("no source IP address", begin)
        return values
