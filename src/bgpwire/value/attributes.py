"""Path attributes by their names: the part of ``PathAttributes`` that both kernels share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire import numbers
from bgpwire.errors import DecodeError
from bgpwire.registry import ATTRIBUTES
from bgpwire.value.as_path import merge_segments, pack_segments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire._python.as_path import AsPath
    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.communities import Communities, ExtendedCommunities, LargeCommunities
    from bgpwire._python.prefix import Address
    from bgpwire.attribute.aggregator import Aggregator
    from bgpwire.attribute.mp_reach import MpReach
    from bgpwire.attribute.mp_unreach import MpUnreach
    from bgpwire.attribute.originator import ClusterList
    from bgpwire.session import Session
    from bgpwire.value.origin import Origin

AS_TRANS = 23456


def attribute_name(code: int) -> str:
    """The IANA name in lower case with underscores; ``attribute_N`` where there is none."""
    name = numbers.ATTRIBUTES.get(code)
    if name is None:
        entry = ATTRIBUTES[code]
        name = f"attribute_{code}" if entry is None else entry.name
    return name


class UnknownAttribute(NamedTuple):
    """An attribute that nobody decodes: kept whole."""

    code: int
    flags: int
    data: bytes

    def __bytes__(self) -> bytes:
        return self.data

    def __str__(self) -> str:
        return f"0x{self.data.hex()}"

    def json(self) -> dict[str, Any]:
        return {"type": self.code, "value": self.data.hex()}


class Attribute:
    """One path attribute as it stands on the wire; ``bytes()`` is the whole of it, header included."""

    __slots__ = ("_block", "_first", "_header", "_wire", "code", "flags", "offset")

    def __init__(
        self, block: PathAttributes, code: int, flags: int, offset: int, wire: bytes, header: int, first: bool
    ) -> None:
        self._block = block
        self._wire = wire
        self._header = header
        self._first = first
        self.code = code
        self.flags = flags
        self.offset = offset

    @property
    def name(self) -> str:
        """The IANA name, in lower case with underscores."""
        return attribute_name(self.code)

    @property
    def data(self) -> bytes:
        """The octets of the value."""
        return self._wire[self._header :]

    @property
    def duplicate(self) -> bool:
        """Whether an attribute of the same code stands before this one (RFC 7606 section 3 g)."""
        return not self._first

    @property
    def value(self) -> Any:
        """The decoded value. :class:`bgpwire.DecodeError` if it is malformed; a duplicate stays undecoded."""
        if not self._first:
            return UnknownAttribute(self.code, self.flags, self.data)
        return self._block[self.code]

    def __bytes__(self) -> bytes:
        return self._wire

    def __repr__(self) -> str:
        return f"<Attribute {self.name} flags=0x{self.flags:02x} {self.data.hex()}>"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"code": self.code, "name": self.name, "flags": self.flags}
        if self.flags & 0x10 and len(self.data) < 256:
            out["extended_length"] = True
        if not self._first:
            return out | {"duplicate": True, "value": {"type": self.code, "value": self.data.hex()}}
        try:
            value = self.value
        except DecodeError as error:
            return out | {"error": error.json(), "value": {"type": self.code, "value": self.data.hex()}}
        form = out["value"] = value.json() if hasattr(value, "json") else value
        if hasattr(value, "restores") and not value.restores(form):
            out["raw"] = self.data.hex()
        return out


class PathAttributesMixin:
    """Attributes by name; each property is ``None`` where the attribute is absent or malformed."""

    __slots__ = ()

    if TYPE_CHECKING:
        session: Session
        structure_error: DecodeError | None

        def __bytes__(self) -> bytes: ...
        def __contains__(self, code: object) -> bool: ...
        def __getitem__(self, code: int) -> Any: ...
        def walk(self) -> list[Attribute]: ...
        def get(self, code: int) -> Any: ...

    def __iter__(self) -> Iterator[Attribute]:
        """Every attribute in wire order, duplicates too."""
        return iter(self.walk())

    def __len__(self) -> int:
        """How many attributes there are, duplicates counted."""
        return len(self.walk())

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bytes(self) == bytes(other) and self.session == other.session

    def __hash__(self) -> int:
        return hash(bytes(self))

    def __repr__(self) -> str:
        return f"<PathAttributes {' '.join(f'{a.name}={a.data.hex()}' for a in self)}>"

    @property
    def origin(self) -> Origin | None:
        return self.get(1)  # type: ignore[no-any-return]

    @property
    def as_path(self) -> AsPath | None:
        """The effective path: AS_PATH, merged with AS4_PATH where RFC 6793 section 4.2.3 asks for it.

        ``attributes[2]`` and ``attributes[17]`` are the two as they came.
        """
        path: AsPath | None = self.get(2)
        if path is None or self.session.asn4 or 17 not in self or not self._as4_applies():
            return path
        path4 = self.get(17)
        if path4 is None:
            return path
        merged = merge_segments(path.segments, path4.segments)
        return path if merged is None else type(path).from_bytes(pack_segments(merged))

    def _as4_applies(self) -> bool:
        """An AGGREGATOR that is not AS_TRANS voids AS4_AGGREGATOR and AS4_PATH (RFC 6793 section 4.2.3)."""
        aggregator = self.get(7)
        return aggregator is None or 18 not in self or aggregator.asn == AS_TRANS

    @property
    def next_hop(self) -> Address | None:
        """NEXT_HOP (attribute 3): that of the NLRI in the UPDATE's own field."""
        return self.get(3)  # type: ignore[no-any-return]

    @property
    def med(self) -> int | None:
        return self.get(4)  # type: ignore[no-any-return]

    @property
    def local_pref(self) -> int | None:
        return self.get(5)  # type: ignore[no-any-return]

    @property
    def atomic_aggregate(self) -> bool:
        """Whether ATOMIC_AGGREGATE is there."""
        return self.get(6) is not None

    @property
    def aggregator(self) -> Aggregator | None:
        """The effective aggregator: AS4_AGGREGATOR where AGGREGATOR says AS_TRANS on a 2-octet session."""
        aggregator: Aggregator | None = self.get(7)
        if aggregator is not None and not self.session.asn4 and aggregator.asn == AS_TRANS and 18 in self:
            return self.get(18) or aggregator
        return aggregator

    @property
    def communities(self) -> Communities | None:
        return self.get(8)  # type: ignore[no-any-return]

    @property
    def originator_id(self) -> Address | None:
        return self.get(9)  # type: ignore[no-any-return]

    @property
    def cluster_list(self) -> ClusterList | None:
        return self.get(10)  # type: ignore[no-any-return]

    @property
    def mp_reach(self) -> MpReach | None:
        return self.get(14)  # type: ignore[no-any-return]

    @property
    def mp_unreach(self) -> MpUnreach | None:
        return self.get(15)  # type: ignore[no-any-return]

    @property
    def extended_communities(self) -> ExtendedCommunities | None:
        return self.get(16)  # type: ignore[no-any-return]

    @property
    def large_communities(self) -> LargeCommunities | None:
        return self.get(32)  # type: ignore[no-any-return]

    @property
    def only_to_customer(self) -> int | None:
        return self.get(35)  # type: ignore[no-any-return]

    def json(self) -> list[dict[str, Any]]:
        """Every attribute in wire order, see ``docs/json.md``."""
        return [attribute.json() for attribute in self]
