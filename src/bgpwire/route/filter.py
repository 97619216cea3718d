"""Which routes to keep: a predicate made of values, for loops, for ``filter()`` and for the command line."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, Community, LargeCommunity, Prefix
from bgpwire.afi_safi import Family
from bgpwire.immutable import Immutable, fill
from bgpwire.route import checks, criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bgpwire._impl import ExtendedCommunity
    from bgpwire.route.criteria import Moment
    from bgpwire.value.text import AddressLike, PrefixLike

    type Several[T] = T | Iterable[T]
    type Prefixes = Several[Prefix | PrefixLike]
    type Addresses = Several[Address | AddressLike]
    type Numbers = Several[int | str]
    type Tags = Several[Community | ExtendedCommunity | LargeCommunity | str]
    type Families = Several[Family | tuple[int, int] | str]


class Filter(Immutable):
    """A route is kept that meets all criteria, and of each any of its values.

    >>> ours = bgpwire.Filter(more_specific="192.0.2.0/24", not_origin_asn=[64496, 64497])
    >>> for route in filter(ours, bgpwire.mrt.open("updates.gz").routes()): ...

    ========================  =========================================================================================
    ``type``                  ``A`` announced, ``W`` withdrawn, ``R`` RIB entry, ``S`` state change, or those words
    ``prefix``                exactly this prefix (text, ``Prefix``, ``ipaddress``), of whatever family
    ``more_specific``         this prefix and those inside it
    ``less_specific``         this prefix or address, and those that cover it
    ``origin_asn``            originated by this AS: ``64496``, ``"AS64496"``, ``"1.10"``
    ``as_path``               a regular expression over the text of the path; ``_`` is a delimiter or an end
    ``community``             of any kind, or text: ``"65000:100"``, ``"65000:*"``, ``"rt:65000:100"``, ``"no-export"``
    ``peer_asn``              reported by this AS
    ``peer_address``          reported by the peer of this address
    ``family``                ``"ipv4-unicast"``, ``Family``, an (AFI, SAFI) pair
    ``ip_version``            prefixes of version 4 or 6
    ``start``, ``end``        not before, not after: seconds since 1970, ``datetime`` or ISO 8601, UTC without a zone
    ========================  =========================================================================================

    ``prefix``, ``more_specific`` and ``less_specific`` are one criterion: a route that meets one of them is kept.

    ``not_`` in front of a name keeps the routes that the name alone would leave out: ``not_origin_asn=64496`` keeps
    those of other origins, and withdrawals too, which have none. It is a name of its own, rather than a value that
    wraps others, so that editors and type checkers know it, and the command line has the same (``--not-origin-asn``).
    ``True`` stands for any value at all and ``False`` for none: ``community=True`` keeps what has communities,
    ``community=False`` what has none (also: ``prefix``, ``origin_asn``, ``as_path``, ``peer_address``, ``family``).

    ``f & g``, ``f | g`` and ``~f`` combine filters. Equal criteria make equal filters; they are immutable, hashable
    and picklable, and threads may share them. ValueError for what no route could meet (an AS number of 33 bits, an end
    before the start, IPv6 prefixes of version 4), TypeError for objects of another sort.
    """

    __slots__ = ("_checks", "_criteria")
    _criteria: dict[str, Any]
    _checks: tuple[Callable[[Any], bool], ...]

    def __init__(
        self,
        *,
        type: Several[str] | None = None,
        not_type: Several[str] | None = None,
        prefix: Prefixes | bool | None = None,
        not_prefix: Prefixes | None = None,
        more_specific: Prefixes | None = None,
        not_more_specific: Prefixes | None = None,
        less_specific: Prefixes | None = None,
        not_less_specific: Prefixes | None = None,
        origin_asn: Numbers | bool | None = None,
        not_origin_asn: Numbers | None = None,
        as_path: Several[str] | bool | None = None,
        not_as_path: Several[str] | None = None,
        community: Tags | bool | None = None,
        not_community: Tags | None = None,
        peer_asn: Numbers | None = None,
        not_peer_asn: Numbers | None = None,
        peer_address: Addresses | bool | None = None,
        not_peer_address: Addresses | None = None,
        family: Families | bool | None = None,
        not_family: Families | None = None,
        ip_version: Several[int] | None = None,
        not_ip_version: Several[int] | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
    ) -> None:
        given = {name: value for name, value in locals().items() if name != "self" and value is not None}
        found = {name: criteria.read(name, value) for name, value in given.items()}
        criteria.check_possible(found)
        fill(self, "_criteria", found)
        fill(self, "_checks", checks.compiled(found))

    def __call__(self, route: Any) -> bool:
        """Whether ``route`` meets the filter.

        Of :meth:`bgpwire.mrt.MrtFile.messages` a filter can see time and peer.
        """
        for check in self._checks:  # noqa: SIM110 - a loop is faster than all() of a generator
            if not check(route):
                return False
        return True

    @property
    def predicate(self) -> Callable[[Any], bool]:
        """A plain function that answers as the filter does, a little faster: for ``filter()`` over many routes."""
        return self._checks[0] if len(self._checks) == 1 else self.__call__

    @property
    def criteria(self) -> Mapping[str, Any] | None:
        """What is asked, by name: values, any of which will do, or whether there is to be one at all. ``None`` of
        filters that are made of others."""
        return MappingProxyType(self._criteria)

    def __and__(self, other: Filter) -> Filter:
        return _Combined("&", self, other) if isinstance(other, Filter) else NotImplemented

    def __or__(self, other: Filter) -> Filter:
        return _Combined("|", self, other) if isinstance(other, Filter) else NotImplemented

    def __invert__(self) -> Filter:
        return _Inverted(self)

    def _key(self) -> Any:
        return frozenset((name, frozenset(v) if isinstance(v, tuple) else v) for name, v in self._criteria.items())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self._criteria,)

    def __repr__(self) -> str:
        return f"Filter({', '.join(f'{name}={_shown(value)}' for name, value in self._criteria.items())})"


class _Combined(Filter):
    """Two filters or more, all of which (``&``) or any of which (``|``) a route must meet."""

    __slots__ = ("_operator", "_parts")
    _operator: str
    _parts: tuple[Filter, ...]

    def __init__(self, operator: str, *filters: Filter) -> None:
        parts: list[Filter] = []
        for part in filters:
            parts += part._parts if isinstance(part, _Combined) and part._operator == operator else (part,)
        fill(self, "_operator", operator)
        fill(self, "_parts", tuple(dict.fromkeys(parts)))
        predicates = tuple(part.predicate for part in self._parts)
        fill(self, "_checks", predicates if operator == "&" else (_any(predicates),))

    @property
    def criteria(self) -> None:
        return None

    def _key(self) -> Any:
        return self._operator, frozenset(self._parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Combined, (self._operator, *self._parts)

    def __repr__(self) -> str:
        return f" {self._operator} ".join(
            f"({part!r})" if isinstance(part, _Combined) else repr(part) for part in self._parts
        )


class _Inverted(Filter):
    """What another filter leaves out."""

    __slots__ = ("_part",)
    _part: Filter

    def __init__(self, part: Filter) -> None:
        fill(self, "_part", part)
        fill(self, "_checks", (checks.inverted(part.predicate),))

    @property
    def criteria(self) -> None:
        return None

    def __invert__(self) -> Filter:
        return self._part

    def _key(self) -> Any:
        return self._part

    def __reduce__(self) -> tuple[Any, ...]:
        return _Inverted, (self._part,)

    def __repr__(self) -> str:
        return f"~({self._part!r})" if isinstance(self._part, _Combined) else f"~{self._part!r}"


def _rebuilt(found: dict[str, Any]) -> Filter:
    return Filter(**found)


def _any(predicates: tuple[Callable[[Any], bool], ...]) -> Callable[[Any], bool]:
    return lambda route: any(predicate(route) for predicate in predicates)


def _shown(value: Any) -> str:
    """A value as it is written in code: text for what text names, one value without brackets."""
    if not isinstance(value, tuple):
        return repr(value)
    named = (Prefix, Address, Community, LargeCommunity, Family)
    parts = [repr(str(item)) if isinstance(item, named) else repr(item) for item in value]
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
