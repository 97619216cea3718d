"""ORIGINATOR_ID and CLUSTER_LIST of route reflection (RFC 4456 section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire._impl import maker
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.field import ipv4, repeat, turned
from bgpwire.numbers.attribute import CLUSTER_LIST, ORIGINATOR_ID
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire._impl import Address, PathAttributes, Reader
    from bgpwire.field import Field

_IDENTIFIERS = repeat(ipv4)


@attribute(ORIGINATOR_ID, "originator_id", 0x80)
class OriginatorId:
    """The value is the :class:`bgpwire.Address` of 4 octets that is the originator's BGP identifier."""

    field = ipv4

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Address:
        if len(reader) != 4:
            reason = f"ORIGINATOR_ID of {len(reader)} octets"
            raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.TREAT_AS_WITHDRAW)
        return reader.ipv4()


@attribute(CLUSTER_LIST, "cluster_list", 0x80)
@dataclass(frozen=True, slots=True, order=True)
class ClusterList(Frozen):
    """The cluster identifiers the route passed, the latest first."""

    clusters: tuple[Address, ...]
    field: ClassVar[Field] = turned(
        _IDENTIFIERS,
        lambda found: ClusterList(found),
        attrgetter("clusters"),
        lambda form: ClusterList.from_json(form),
        _IDENTIFIERS.schema(),
        exact=True,
    )

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> ClusterList:
        """4 octets each, at least one (RFC 7606 section 7.10)."""
        if len(reader) % 4 or not len(reader):
            reason = f"CLUSTER_LIST of {len(reader)} octets"
            raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.TREAT_AS_WITHDRAW)
        return _make(cls, _IDENTIFIERS.read(reader))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, form: Any) -> ClusterList:
        """The list of a JSON form. ValueError for other forms."""
        return cls(_IDENTIFIERS.from_json(form))

    def __iter__(self) -> Iterator[Address]:
        return iter(self.clusters)

    def __len__(self) -> int:
        return len(self.clusters)

    def __bytes__(self) -> bytes:
        return _IDENTIFIERS.encode(self.clusters)

    def __str__(self) -> str:
        return " ".join(map(str, self.clusters))

    def json(self) -> list[str]:
        return [str(cluster) for cluster in self.clusters]


_make = maker(ClusterList, "clusters")
