"""BGPsec_PATH (RFC 8205 section 3): the path, and signatures over it. Nothing is verified here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import DecodeError
from bgpwire.field import flags, record, repeat, u8, u16, u32
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

_path = repeat(record(pcount=u8, flags=flags("confed_segment"), asn=u32))


def _signature(reader: Reader) -> dict[str, Any]:
    """Subject key identifier (20 octets) and a signature with its length."""
    return {"ski": reader.take(20), "signature": reader.take(reader.u16())}


def _inside(reader: Reader, what: str) -> Reader:
    """The octets behind a length of 2 octets that counts itself."""
    size = u16(reader)
    if size < 2:
        raise DecodeError(f"{what} of length {size}", reader.offset - 2)
    return reader.sub(size - 2)


@attribute(33, "bgpsec_path", 0x80)
class BgpsecPath(FieldAttribute):
    """``secure_path``, the latest AS first, and one or two ``signature_blocks``. Malformed: treated as withdrawn."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> dict[str, Any]:
        """RFC 8205 section 5.2: at least one segment, one or two blocks, as many signatures in each as segments."""
        path = _path(_inside(reader, "Secure_Path"))
        blocks = []
        while len(reader):
            at = reader.offset
            block = _inside(reader, "Signature_Block")
            suite = block.u8()
            signatures = repeat(_signature)(block)
            if len(signatures) != len(path):
                raise DecodeError(f"{len(signatures)} signatures on a path of {len(path)}", at)
            blocks.append({"algorithm_suite": suite, "signatures": signatures})
        if not path or not 1 <= len(blocks) <= 2:
            raise DecodeError(f"{len(path)} path segments and {len(blocks)} signature blocks", reader.offset)
        return {"secure_path": path, "signature_blocks": blocks}
