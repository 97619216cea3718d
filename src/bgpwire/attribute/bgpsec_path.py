"""BGPsec_PATH (RFC 8205 section 3): the path, and signatures over it. Nothing is verified here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import DecodeError
from bgpwire.field import flags, octets, raw, record, repeat, sized, u8, u32
from bgpwire.numbers.attribute import BGPSEC_PATH
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader
    from bgpwire.field import Field


def _counting_itself(field: Field, what: str) -> Field:
    """``field`` behind a length of 2 octets that counts these two."""
    return sized(field, 2, extra=2, reason=f"{what} of length {{}}")


_SEGMENT = 6
_path = repeat(record(pcount=u8, flags=flags("confed_segment"), asn=u32))
_signature = record(ski=raw(20), signature=sized(octets, 2))
_block = record(algorithm_suite=u8, signatures=repeat(_signature))


@attribute(BGPSEC_PATH, "bgpsec_path", 0x80)
class BgpsecPath(FieldAttribute):
    """``secure_path``, the latest AS first, and one or two ``signature_blocks``. Malformed: treated as withdrawn."""

    __slots__ = ()
    field = record(
        secure_path=_counting_itself(_path, "Secure_Path"),
        signature_blocks=repeat(_counting_itself(_block, "Signature_Block")),
    )

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> dict[str, Any]:
        """RFC 8205 section 5.2: at least one segment, one or two blocks, as many signatures in each as segments."""
        begin = reader.offset
        values: dict[str, Any] = cls.field.read(reader)
        path, blocks = values["secure_path"], values["signature_blocks"]
        for number, block in enumerate(blocks):
            count = len(block["signatures"])
            if count != len(path):
                at = (
                    begin + 2 + _SEGMENT * len(path) + sum(2 + len(_block.encode(before)) for before in blocks[:number])
                )
                raise DecodeError(f"{count} signatures on a path of {len(path)}", at)
        if not path or not 1 <= len(blocks) <= 2:
            raise DecodeError(f"{len(path)} path segments and {len(blocks)} signature blocks", reader.offset)
        return values
