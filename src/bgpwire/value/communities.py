"""Collections of communities, as the attributes hold them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, overload

from bgpwire.errors import ATTRIBUTE_LENGTH, Action, DecodeError, UpdateMessageError
from bgpwire.registry import EXTENDED_COMMUNITIES
from bgpwire.value.community import TARGETS
from bgpwire.value.keyed import Keyed
from bgpwire.value.octets import as_bytes
from bgpwire.value.sequence import Items

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterable, Iterator

T = TypeVar("T", covariant=True)


class CollectionMixin(Keyed, Items[T]):
    """Values of one size side by side, in their order, duplicates kept."""

    __slots__ = ()
    _attribute: ClassVar[str]
    _size: ClassVar[int]
    _item: ClassVar[Any]

    if TYPE_CHECKING:

        @classmethod
        def _restore(cls, data: bytes) -> Self: ...

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """From the attribute's value. :class:`bgpwire.UpdateMessageError` (RFC 7606 section 7.8, RFC 8092
        section 5) unless its length is a multiple, not 0, of that of one community."""
        wire = as_bytes(data)
        if len(wire) % cls._size or not wire:
            raise UpdateMessageError(cls._misfit(len(wire)), 0, None, ATTRIBUTE_LENGTH, Action.TREAT_AS_WITHDRAW)
        return cls._restore(wire)

    @classmethod
    def _misfit(cls, size: int) -> str:
        return f"{cls._attribute} of {size} octets, not a multiple of {cls._size}"

    @classmethod
    def _check(cls, data: bytes) -> bytes:
        """``data`` itself. TypeError unless it is ``bytes``, ValueError unless it is whole communities."""
        if type(data) is not bytes:
            raise TypeError(f"octets are needed, not {type(data).__name__}")
        if len(data) % cls._size:
            raise ValueError(cls._misfit(len(data)))
        return data

    @classmethod
    def _whole(cls, data: bytes) -> tuple[Self, DecodeError | None]:
        """The communities that are whole, and what :meth:`from_bytes` has to say."""
        try:
            return cls.from_bytes(data), None
        except DecodeError as error:
            return cls._restore(data[: len(data) - len(data) % cls._size]), error.fresh()

    @classmethod
    def _pack(cls, values: Iterable[T | str]) -> bytes:
        return b"".join(bytes(value if isinstance(value, cls._item) else cls._item(value)) for value in values)

    def _read(self, item: object) -> object:
        return self._item(item) if isinstance(item, str) else item

    def __len__(self) -> int:
        return len(bytes(self)) // self._size

    def __iter__(self) -> Iterator[T]:
        wire, size, item = bytes(self), self._size, self._item
        return (item.from_bytes(wire[at : at + size]) for at in range(0, len(wire), size))

    @overload
    def __getitem__(self, index: int, /) -> T: ...
    @overload
    def __getitem__(self, index: slice, /) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice, /) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        at = range(len(self))[index] * self._size
        one: T = self._one(bytes(self)[at : at + self._size])
        return one

    @classmethod
    def _one(cls, octets: bytes) -> Any:
        return cls._item.from_bytes(octets)

    def unique(self) -> Self:
        """The same without what stands there already: RFC 8092 section 5 forbids to send duplicates."""
        return self._restore(b"".join(dict.fromkeys(map(bytes, self))))  # type: ignore[arg-type]

    def __str__(self) -> str:
        return " ".join(map(str, self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(map(str, self))!r})"

    def json(self) -> list[Any]:
        return [value.json() for value in self]  # type: ignore[attr-defined]


class CommunitiesMixin(CollectionMixin[T]):
    """Standard communities: text (``65000:100``, ``no-export``) and numbers of 32 bits are read by ``in``."""

    __slots__ = ()
    _attribute = "COMMUNITIES"
    _size = 4
    _example = 'Communities(["65000:100"])'

    @classmethod
    def _one(cls, octets: bytes) -> Any:
        return cls._item.from_int(int.from_bytes(octets))

    def _read(self, item: object) -> object:
        if isinstance(item, str):
            return self._item(item)
        return self._item.from_int(item) if isinstance(item, int) else item


class LargeCommunitiesMixin(CollectionMixin[T]):
    """Large communities: text (``65000:1:2``) is read by ``in``."""

    __slots__ = ()
    _attribute = "LARGE_COMMUNITY"
    _size = 12
    _example = 'LargeCommunities(["65000:1:2"])'


class ExtendedCommunitiesMixin(CollectionMixin[T]):
    """Extended communities: ``in`` and ``index`` read text, and find the first community that is written so.

    That is ``rt:65000:100`` in whichever of its types (RFC 4360, RFC 5668), any other text that ``str()`` gives,
    such as ``encap:vxlan``, and ``0x`` with 16 hex digits for the octets themselves.
    """

    __slots__ = ()
    _attribute = "EXTENDED COMMUNITIES"
    _size = 8
    _example = 'ExtendedCommunities(["rt:65000:100"])'

    def _read(self, item: object) -> object:
        """The first of the communities here that is written as ``item`` is."""
        if not isinstance(item, str):
            return item
        text = item.strip()
        if text[:2] == "0x":
            return self._item(text)
        word = text.partition(":")[0]
        if word.lower() in TARGETS or not _is_label(word):
            text = str(self._item(text))  # also for another spelling: target:65000:100
        return next((value for value in self if str(value) == text), None)


@lru_cache(64)
def _is_label(word: str) -> bool:
    """Whether the text of a registered kind of extended community begins with ``word``."""
    return any(kind.label.partition(":")[0] == word for kind in EXTENDED_COMMUNITIES.values())
