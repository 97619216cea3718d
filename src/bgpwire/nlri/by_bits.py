"""NLRI behind a length in bits that says which fields they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire.errors import DecodeError
from bgpwire.field import u8
from bgpwire.nlri.declared import Declared, MalformedNlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Reader
    from bgpwire.field import Layout, Walk
    from bgpwire.nlri.base import Nlri, NlriContext


class ByBits(Declared):
    """``length`` bits, one octet, and the fields that ``layouts`` has for it.

    Any other length is malformed: ``reason``, in which ``{}`` is the length. ``layout`` has all of them.
    """

    layouts: ClassVar[Mapping[int, Layout]]
    reason: ClassVar[str]
    length: int

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        at = reader.offset
        bits = reader.u8()
        body = reader.sub((bits + 7) >> 3)
        layout = cls.layouts.get(bits)
        if layout is None:
            return MalformedNlri(None, DecodeError(cls.reason.format(bits), at))
        return cls.of({"length": bits} | layout.read(body))

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        at, bits = walk.reader.offset, walk("length", u8)
        layout = cls.layouts.get(bits)

        def read(body: Walk) -> None:
            if layout is None:
                raise DecodeError(cls.reason.format(bits), at)
            layout.walk(body)

        walk.sub((bits + 7) >> 3).whole(read)

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        bits = values["length"]
        rest = {name: value for name, value in values.items() if name != "length"}
        return u8.encode(bits) + cls._layout(bits).encode(rest)

    def restores(self, form: Mapping[str, Any]) -> bool:
        return self.layouts[self.length].restores(self._values, self.wire[1:])

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        layout = cls._layout(form["length"])
        return {"length": form["length"]} | layout.from_json({name: form[name] for name in layout.keys() & form.keys()})

    @classmethod
    def _layout(cls, bits: Any) -> Layout:
        if bits not in cls.layouts:
            raise ValueError(cls.reason.format(bits))
        return cls.layouts[bits]
