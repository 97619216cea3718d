"""Path attributes by their names: the part of ``PathAttributes`` that both kernels share."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.errors import DecodeError
from bgpwire.immutable import Immutable
from bgpwire.numbers import attribute as codes
from bgpwire.registry import ATTRIBUTES
from bgpwire.value.as_path import merge_segments, pack_segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from bgpwire._python.as_path import AsPath
    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.communities import Communities, ExtendedCommunities, LargeCommunities
    from bgpwire._python.prefix import Address
    from bgpwire.attribute.aggregator import Aggregator
    from bgpwire.attribute.build import AttributeFields
    from bgpwire.attribute.mp_reach import MpReach
    from bgpwire.attribute.mp_unreach import MpUnreach
    from bgpwire.attribute.originator import ClusterList
    from bgpwire.session import Session
    from bgpwire.value.origin import Origin

AS_TRANS = 23456


def attribute_name(code: int) -> str:
    """The IANA name in lower case with underscores; ``attribute_N`` for a code that is not registered."""
    name = codes.ATTRIBUTES.get(code)
    if name is None:
        entry = ATTRIBUTES[code]
        name = f"attribute_{code}" if entry is None else entry.name
    return name


class UnknownAttribute(NamedTuple):
    """An attribute without a decoder: code, flags and octets as they came."""

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

    __slots__ = ("_block", "_code", "_first", "_flags", "_header", "_offset", "_wire")

    def __init__(
        self, block: PathAttributes, code: int, flags: int, offset: int, wire: bytes, header: int, first: bool
    ) -> None:
        self._block = block
        self._wire = wire
        self._header = header
        self._first = first
        self._code = code
        self._flags = flags
        self._offset = offset

    @property
    def code(self) -> int:
        """The type code."""
        return self._code

    @property
    def flags(self) -> int:
        """The flags octet (RFC 4271 section 4.3)."""
        return self._flags

    @property
    def offset(self) -> int:
        """Where it begins, counted as :attr:`PathAttributes.base` says."""
        return self._offset

    @property
    def name(self) -> str:
        """The IANA name, in lower case with underscores."""
        return attribute_name(self._code)

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
            return UnknownAttribute(self._code, self._flags, self.data)
        return self._block[self._code]

    def __bytes__(self) -> bytes:
        return self._wire

    def __repr__(self) -> str:
        return f"<Attribute {self.name} flags=0x{self._flags:02x} {self.data.hex()}>"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"code": self._code, "name": self.name, "flags": self._flags}
        if self._flags & 0x10 and len(self.data) < 256:
            out["extended_length"] = True
        if not self._first:
            return out | {"duplicate": True, "value": {"type": self._code, "value": self.data.hex()}}
        try:
            value = self.value
        except DecodeError as error:
            return out | {"error": error.json(), "value": {"type": self._code, "value": self.data.hex()}}
        form = out["value"] = value.json() if hasattr(value, "json") else value
        if hasattr(value, "restores") and not value.restores(form):
            out["raw"] = self.data.hex()
        return out


class PathAttributesMixin(Immutable):
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
        return self.get(codes.ORIGIN)  # type: ignore[no-any-return]

    @property
    def as_path(self) -> AsPath | None:
        """The effective path: AS_PATH, merged with AS4_PATH where RFC 6793 section 4.2.3 asks for it.

        ``attributes[2]`` and ``attributes[17]`` are the two as they came.
        """
        path: AsPath | None = self.get(codes.AS_PATH)
        if path is None or self.session.asn4 or codes.AS4_PATH not in self or not self._as4_applies():
            return path
        path4 = self.get(codes.AS4_PATH)
        if path4 is None:
            return path
        merged = merge_segments(path.segments, path4.segments)
        return path if merged is None else type(path).from_bytes(pack_segments(merged))

    def _as4_applies(self) -> bool:
        """An AGGREGATOR that is not AS_TRANS voids AS4_AGGREGATOR and AS4_PATH (RFC 6793 section 4.2.3)."""
        aggregator = self.get(codes.AGGREGATOR)
        return aggregator is None or codes.AS4_AGGREGATOR not in self or aggregator.asn == AS_TRANS

    @property
    def next_hop(self) -> Address | None:
        """NEXT_HOP (attribute 3): that of the NLRI in the UPDATE's own field."""
        return self.get(codes.NEXT_HOP)  # type: ignore[no-any-return]

    @property
    def med(self) -> int | None:
        return self.get(codes.MULTI_EXIT_DISC)  # type: ignore[no-any-return]

    @property
    def local_pref(self) -> int | None:
        return self.get(codes.LOCAL_PREF)  # type: ignore[no-any-return]

    @property
    def atomic_aggregate(self) -> bool:
        """Whether ATOMIC_AGGREGATE is there."""
        return self.get(codes.ATOMIC_AGGREGATE) is not None

    @property
    def aggregator(self) -> Aggregator | None:
        """The effective aggregator: AS4_AGGREGATOR where AGGREGATOR says AS_TRANS on a 2-octet session."""
        aggregator: Aggregator | None = self.get(codes.AGGREGATOR)
        if aggregator is None or self.session.asn4 or aggregator.asn != AS_TRANS:
            return aggregator
        return self.get(codes.AS4_AGGREGATOR) or aggregator

    @property
    def communities(self) -> Communities | None:
        return self.get(codes.COMMUNITIES)  # type: ignore[no-any-return]

    @property
    def originator_id(self) -> Address | None:
        return self.get(codes.ORIGINATOR_ID)  # type: ignore[no-any-return]

    @property
    def cluster_list(self) -> ClusterList | None:
        return self.get(codes.CLUSTER_LIST)  # type: ignore[no-any-return]

    @property
    def mp_reach(self) -> MpReach | None:
        return self.get(codes.MP_REACH_NLRI)  # type: ignore[no-any-return]

    @property
    def mp_unreach(self) -> MpUnreach | None:
        return self.get(codes.MP_UNREACH_NLRI)  # type: ignore[no-any-return]

    @property
    def extended_communities(self) -> ExtendedCommunities | None:
        return self.get(codes.EXTENDED_COMMUNITIES)  # type: ignore[no-any-return]

    @property
    def large_communities(self) -> LargeCommunities | None:
        return self.get(codes.LARGE_COMMUNITY)  # type: ignore[no-any-return]

    @property
    def only_to_customer(self) -> int | None:
        return self.get(codes.ONLY_TO_CUSTOMER)  # type: ignore[no-any-return]

    def replace(self, **fields: Unpack[AttributeFields]) -> PathAttributes:
        """A block with other attributes, named and given as :meth:`bgpwire.Update.announce` takes them; ``None`` takes
        one out. What does not change keeps its octets and its place.

        A next hop is that of MP_REACH_NLRI where there is one, else NEXT_HOP's. AS4_PATH and AS4_AGGREGATOR follow
        AS_PATH and AGGREGATOR on a session of 2-octet AS numbers (RFC 6793). TypeError for an unknown name, ValueError
        or TypeError for what is no value, :class:`bgpwire.EncodeError` where a block that is torn is to be changed.
        """
        # What writes attributes stands above: here is its door by name.
        changed: PathAttributes = import_module("bgpwire.attribute.replace").replaced(self, fields)
        return changed

    def json(self) -> list[dict[str, Any]]:
        """Every attribute in wire order, see ``docs/json.md``."""
        return [attribute.json() for attribute in self]
