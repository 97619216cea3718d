"""What a filter of routes is given, read: one value or several, each as its own type reads it.

ValueError for what can never match (text that is no prefix, an AS number of more than 32 bits, no value at all),
TypeError for objects of another sort.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from operator import index
from typing import Any, Final

from bgpwire._impl import Address, Community, ExtendedCommunity, LargeCommunity, Prefix
from bgpwire.afi_safi import Family, family_of
from bgpwire.registry import EXTENDED_COMMUNITIES
from bgpwire.route.path_regex import PathRegex
from bgpwire.value.as_path import parse_asn
from bgpwire.value.text import PrefixLike

type Moment = datetime | float | str
type AnyCommunity = Community | ExtendedCommunity | LargeCommunity

TYPES = {"announce": "A", "withdraw": "W", "rib": "R", "state": "S"}
_RAW = re.compile("0x(?:[0-9a-f]{16}|[0-9a-f]{40})")
"""How extended communities of unknown types look, of 8 octets and of 20."""
_ONE = (str, bytes, int, Prefix, Address, Community, ExtendedCommunity, LargeCommunity, IPv4Network, IPv6Network)
"""Values that stand for themselves, although some of them can be iterated over."""


def several[T](value: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """``read`` of the one value, or of each of several. ValueError if there are none."""
    values = (value,) if isinstance(value, _ONE) or not isinstance(value, Iterable) else value
    out = tuple(dict.fromkeys(read(item) for item in values))
    if not out:
        raise ValueError("no values: no route could match")
    return out


def prefix(value: Prefix | PrefixLike) -> Prefix:
    """As ``Prefix(value)``; an address is a prefix of full length. Path identifiers are left aside."""
    return value.prefix if isinstance(value, Prefix) else Prefix(value)


def address(value: Any) -> Address:
    return value if isinstance(value, Address) else Address(value)


def asn(value: int | str) -> int:
    """``64500``, ``"AS64500"``, ``"1.10"``."""
    if isinstance(value, str):
        return parse_asn(value)
    if isinstance(value, bool):
        raise TypeError("True and False stand alone: present, and absent")
    number = index(value)
    if not 0 <= number <= 0xFFFFFFFF:
        raise ValueError(f"{number} is no AS number")
    return number


def expression(value: str) -> str:
    """A regular expression as :mod:`bgpwire.route.path_regex` knows them."""
    if not isinstance(value, str):
        raise TypeError(f"a regular expression is text, not {type(value).__name__}")
    try:
        PathRegex(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no regular expression that is known here: {error}") from None
    return value


def community(value: AnyCommunity | str) -> AnyCommunity | str:
    """A community of any kind, or its text: ``65000:100``, ``65000:1:2``, ``rt:65000:100``, ``no-export``; with ``*``
    for any characters a pattern.

    Text of a standard or a large community becomes one; an extended one stays text, which several types may have.
    """
    if isinstance(value, (Community, ExtendedCommunity, LargeCommunity)):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a community is text or a community, not {type(value).__name__}")
    text = value.strip()
    if "*" in text:
        pattern(text)
        return text
    for kind in (Community, LargeCommunity):
        with suppress(ValueError):
            return kind(text)
    labels = {getattr(kind, "label", None) for kind in EXTENDED_COMMUNITIES.values()}
    if text.partition(":")[0] not in labels and not _RAW.fullmatch(text):
        raise ValueError(f"{text!r} is no community: write it as 65000:100, 65000:1:2, rt:65000:100 or 65000:*")
    return text


def pattern(text: str) -> PathRegex:
    """The expression for text in which ``*`` stands for any characters. ValueError if it is too large."""
    parts = (re.escape(part).replace("_", "\\_") for part in text.split("*"))
    try:
        return PathRegex(f"^{'.*'.join(parts)}$")
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None


def types(value: Any) -> tuple[str, ...]:
    """``A``, ``W``, ``R``, ``S`` or the words they stand for; letters side by side too (``AW``)."""
    return tuple(dict.fromkeys(letter for letters in several(value, _letters) for letter in letters))


def _letters(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a type is text, not {type(value).__name__}")
    word = value.strip()
    if len(word) > 2:
        word = next((letter for name, letter in TYPES.items() if name.startswith(word.lower())), word)
    word = word.upper()
    if not word or set(word) - set(TYPES.values()):
        raise ValueError(f"{value!r}: write A (announce), W (withdraw), R (rib) or S (state)")
    return word


def families(value: Any) -> tuple[Family, ...]:
    """``ipv4-unicast``, ``1/128``, a :class:`bgpwire.Family` or an (AFI, SAFI) pair."""
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(number, int) for number in value):
        value = [value]
    return several(value, _family)


def _family(value: str | tuple[int, int]) -> Family:
    return Family.parse(value) if isinstance(value, str) else family_of(value)


def version(value: int | str) -> int:
    """4 or 6, or their text."""
    number = {"4": 4, "6": 6}.get(value.strip()) if isinstance(value, str) else index(value)
    if number not in (4, 6):
        raise ValueError(f"IP version {value}: write 4 or 6")
    return number


def moment(value: Moment) -> float:
    """Seconds since 1970, a ``datetime`` or ISO 8601; without a time zone it is UTC."""
    if isinstance(value, str):
        try:
            return _finite(float(value))
        except ValueError:
            pass
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is no time: write 1470931200 or 2016-08-11T16:00:00") from None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return _finite(float(value))


def _finite(seconds: float) -> float:
    if seconds - seconds:
        raise ValueError(f"{seconds} is no time")
    return seconds


def _each(reader: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: several(value, reader)


_READERS: Final[dict[str, Callable[[Any], tuple[Any, ...]]]] = {
    "type": types,
    "peer_asn": _each(asn),
    "peer_address": _each(address),
    "family": families,
    "ip_version": _each(version),
    "prefix": _each(prefix),
    "more_specific": _each(prefix),
    "less_specific": _each(prefix),
    "origin_asn": _each(asn),
    "as_path": _each(expression),
    "community": _each(community),
    "start": _each(moment),
    "end": _each(moment),
}
PLACES: Final = ("prefix", "more_specific", "less_specific")
"""These are one criterion."""
_OF_ATTRIBUTES = ("origin_asn", "as_path", "community")
MAY_BE_ABSENT = ("prefix", "peer_address", "family", *_OF_ATTRIBUTES)


def read(name: str, value: Any) -> tuple[Any, ...] | bool:
    """The values of the criterion ``name``, which may have ``not_`` in front; True: any value, False: none."""
    plain = name.removeprefix("not_")
    if isinstance(value, bool):
        if name in MAY_BE_ABSENT:
            return value
        raise TypeError(f"{name}={value}: {f'write {plain}={not value}' if plain in MAY_BE_ABSENT else 'not a value'}")
    try:
        values = _READERS[plain](value)
        if plain in ("start", "end") and len(values) > 1:
            raise ValueError("one time, not several")
        return values
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None


def check_possible(criteria: dict[str, Any]) -> None:
    """ValueError for criteria that no route can meet together."""

    def values(name: str) -> tuple[Any, ...]:
        found = criteria.get(name)
        return found if isinstance(found, tuple) else ()

    if "start" in criteria and "end" in criteria and criteria["start"] > criteria["end"]:
        raise ValueError("the end is before the start: no route could match")
    places = [place for name in PLACES for place in values(name)]
    versions = values("ip_version")
    if places and versions and not any(place.version in versions for place in places):
        raise ValueError("the prefixes are not of that IP version: no route could match")
    if places and criteria.get("prefix") is False:
        raise ValueError("prefix=False beside prefixes: no route could match")
    types = set(values("type") or TYPES.values())
    if types == {"S"} and (places or versions or criteria.get("prefix") or criteria.get("family")):
        raise ValueError("a state change (type S) has no prefix and no family: no route could match")
    if types <= {"S", "W"} and any(criteria.get(name) for name in _OF_ATTRIBUTES):
        raise ValueError("withdrawals and state changes (types W, S) have no attributes: no route could match")
