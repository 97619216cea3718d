"""Label stacks and labelled prefixes as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.errors import EncodeError
from bgpwire.immutable import Immutable
from bgpwire.value.keyed import Keyed
from bgpwire.value.text import as_text

if TYPE_CHECKING:
    from bgpwire._python.label import LabelStack
    from bgpwire._python.prefix import Prefix


def parse_labels(text: str) -> bytes:
    """``100`` or ``100/200``, outermost first, as 3 octets a label, the last one's bottom bit set."""
    if as_text(text) == "":
        return b""
    labels = [int(part) for part in text.split("/")]
    if any(not 0 <= label <= 0xFFFFF for label in labels):
        raise ValueError(f"{text!r}: a label has 20 bits")
    wire = b"".join((label << 4).to_bytes(3) for label in labels)
    return wire[:-1] + bytes((wire[-1] | 1,))


class LabelStackMixin(Keyed):
    """The labels in 3 octets each: 20 bits of label, 3 of traffic class, 1 bottom-of-stack bit."""

    __slots__ = ()
    _example = 'LabelStack("100/200")'

    @property
    def labels(self) -> tuple[int, ...]:
        """The 20-bit labels, outermost first."""
        wire = bytes(self)
        return tuple(int.from_bytes(wire[at : at + 3]) >> 4 for at in range(0, len(wire), 3))

    @property
    def bottom_of_stack(self) -> bool:
        """Whether the last label has the bottom-of-stack bit (RFC 3032 section 2.1)."""
        wire = bytes(self)
        return bool(wire) and bool(wire[-1] & 1)

    @property
    def is_withdraw(self) -> bool:
        """0x800000 (RFC 8277 section 2.4) or 0x000000, as older speakers send to withdraw."""
        return bytes(self) in (b"\x80\0\0", b"\0\0\0")

    def __str__(self) -> str:
        return "/".join(map(str, self.labels))

    def json(self) -> list[int]:
        return list(self.labels)


class LabelledPrefixMixin(Keyed, Immutable):
    """Text, octets and JSON of a labelled unicast route, and of what has more between labels and prefix."""

    __slots__ = ()
    _example = 'LabelledPrefix("100", "10.0.0.0/8")'

    if TYPE_CHECKING:
        labels: LabelStack
        prefix: Prefix
        path_id: int | None

    @property
    def afi(self) -> int:
        """1 (IPv4) or 2 (IPv6)."""
        return self.prefix.afi

    def _key(self) -> Any:
        return self.prefix, self.labels, -1 if self.path_id is None else self.path_id

    def _state(self) -> tuple[Any, ...]:
        return self.labels, self.prefix, self.path_id

    def __bytes__(self) -> bytes:
        """:class:`bgpwire.EncodeError` for more labels than the length, one octet in bits, can count (RFC 8277
        section 2.3)."""
        front = self._front()
        wire = bytes(self.prefix)
        bits = len(front) * 8 + wire[0]
        if bits > 0xFF:
            raise EncodeError("labels", len(self.labels), None, f"{bits} bits of labels and prefix: 255 at most")
        body = bytes((bits,)) + front + wire[1:]
        return body if self.path_id is None else self.path_id.to_bytes(4) + body

    def _front(self) -> bytes:
        """The octets between the length and the prefix."""
        return bytes(self.labels)

    def __str__(self) -> str:
        return str(self.prefix)

    def __repr__(self) -> str:
        path = "" if self.path_id is None else f", path_id={self.path_id}"
        *parts, _ = self._state()
        return f"{type(self).__name__}({', '.join(repr(str(part)) for part in parts)}{path})"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"prefix": str(self.prefix), "labels": self.labels.json()}
        if self.path_id is not None:
            out["path_id"] = self.path_id
        return out
