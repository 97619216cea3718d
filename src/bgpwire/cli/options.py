"""Values that people type on the command line, as argparse types: what is wrong becomes argparse's error."""

from __future__ import annotations

import re
from argparse import Action, ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, Community, Prefix
from bgpwire.afi_safi import ALL_FAMILIES, Family
from bgpwire.cli.path_regex import PathRegex
from bgpwire.value.as_path import parse_asn

if TYPE_CHECKING:
    from argparse import Namespace

_TYPES = {"announce": "A", "withdraw": "W", "rib": "R", "state": "S"}


def family(text: str) -> frozenset[tuple[int, int]]:
    """``ipv4-unicast``, ``l2vpn-evpn`` or ``1/128``; ``all`` for every family there is."""
    if text.strip().lower() == "all":
        return ALL_FAMILIES
    try:
        return frozenset((tuple(Family.parse(text)),))  # type: ignore[arg-type]
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def add_families(parser: ArgumentParser, option: str, meaning: str, example: str = "ipv4-unicast") -> None:
    """An option that names a family, as often as it is given; its value is a set of (AFI, SAFI) pairs."""
    text = f"{meaning}: {example}, 1/128, all"
    parser.add_argument(option, type=family, action=_Union, default=frozenset(), metavar="FAMILY", help=text)


class _Union(Action):
    """All of the sets that an option is given."""

    def __call__(self, parser: ArgumentParser, namespace: Namespace, values: Any, option: str | None = None) -> None:
        setattr(namespace, self.dest, getattr(namespace, self.dest) | values)


def _many[T](text: str, read: type[T]) -> list[T]:
    try:
        return [read(part) for part in text.split(",")]  # type: ignore[call-arg]
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def prefixes(text: str) -> list[Prefix]:
    """One prefix, or several behind commas; an address is a prefix of full length."""
    return _many(text, Prefix)


def addresses(text: str) -> list[Address]:
    """One address, or several behind commas."""
    return _many(text, Address)


def asns(text: str) -> list[int]:
    """``64500``, ``AS64500`` or ``1.10``; several behind commas."""
    try:
        return [parse_asn(part) for part in text.split(",")]
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def path_regex(text: str) -> PathRegex:
    """A regular expression over the text of an AS path; ``_`` means what it means on a router."""
    try:
        return PathRegex(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no regular expression that is known here: {error}") from None


def community(text: str) -> PathRegex:
    """``65000:100``, ``65000:1:2``, ``rt:65000:100``, ``no-export``, or a pattern such as ``65000:*``."""
    text = text.strip()
    if "*" not in text:
        try:
            text = str(Community(text))
        except ValueError:
            if not re.fullmatch(r"[\w.-]+(:[\w.-]+){1,2}|0x[0-9a-fA-F]+", text):
                raise ArgumentTypeError(
                    f"{text!r} is no community: write it as 65000:100, 65000:1:2, rt:65000:100 or 65000:*"
                ) from None
    parts = (re.escape(part).replace("_", "\\_") for part in text.split("*"))
    try:
        return PathRegex(f"^{'.*'.join(parts)}$")
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r}: {error}") from None


def types(text: str) -> str:
    """``A``, ``W``, ``R``, ``S`` or the words they stand for; several behind commas or side by side."""
    out = ""
    for part in text.split(","):
        word = part.strip()
        found = [letter for name, letter in _TYPES.items() if len(word) > 2 and name.startswith(word.lower())]
        out += found[0] if found else word.upper()
    if not out or set(out) - set(_TYPES.values()):
        raise ArgumentTypeError(f"{text!r}: write A (announce), W (withdraw), R (rib) or S (state)")
    return out


def moment(text: str) -> float:
    """Seconds since 1970, or ISO 8601; without a time zone it is UTC."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no time: write 1470931200 or 2016-08-11T16:00:00"
        raise ArgumentTypeError(message) from None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def count(text: str) -> int:
    """A number, not negative."""
    if not text.isascii() or not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number")
    return int(text)
