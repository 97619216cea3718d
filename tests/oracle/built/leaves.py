"""The single values in what was put in, and whether a peer's words have each of them.

Decoders name and nest things each in its own way, so values are compared, not names: every number, address, prefix,
text and run of octets that was put into one part of a message must be among what the peer shows of that same part.
"""

from __future__ import annotations

import ipaddress
import math
import re
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oracle.built.names import OPERATORS, PROTOCOLS, SAID_BY_THE_CODE, masks, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Leaf:
    """One value, and where it stands: ``0.rd``."""

    path: str
    value: Any


def leaves(form: Any, path: str = "") -> Iterator[Leaf]:
    """The values of a JSON form; names that only say a number beside them again are left out."""
    if isinstance(form, dict):
        if "label" in form and "vni" in form:  # two readings of the same three octets
            yield Leaf(f"{path}.label" if path else "label", (form["label"], form["vni"]))
        for key, value in form.items():
            if key not in SAID_BY_THE_CODE and not (key in ("label", "vni") and "label" in form and "vni" in form):
                yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(form, (list, tuple)):
        for at, value in enumerate(form):
            yield from leaves(value, f"{path}.{at}" if path else str(at))
    elif form is not None:
        yield Leaf(path, form)


_WORD = re.compile(r"[0-9A-Za-z_.:/+\-]+")
_HEX = re.compile(r"[0-9a-f]+")


@dataclass
class Words:
    """What a peer shows of one part of a message: its words, numbers, and octets."""

    words: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    floats: set[float] = field(default_factory=set)
    octets: list[str] = field(default_factory=list)
    text: str = ""
    squashed: str = ""

    def add(self, text: str) -> None:
        """One text that the peer shows."""
        self.text += f"{text}\n"
        self.squashed += "|" + squash(text)
        for word in _WORD.findall(text):
            front = "" if word.startswith("::") else ".:-/"
            back = "" if word.endswith("::") else ".:-/"
            self._word(word.lstrip(front).rstrip(back))

    def add_octets(self, octets: str) -> None:
        """Octets as hexadecimal digits."""
        self.octets.append(octets)

    def _word(self, word: str) -> None:
        word = word.lower()
        self.words.add(word)
        found = number(word)
        if found is not None:
            self.numbers.add(found)
        else:
            with suppress(ValueError):
                self.floats.add(float(word))
        address = canonical(word)
        if address is not None:
            self.words.add(address)
            if "/" in address:
                self.words.add(address.partition("/")[0])
                self.numbers.add(int(address.partition("/")[2]))
            return
        digits = re.sub("[:.-]", "", word)
        if len(digits) % 2 == 0 and _HEX.fullmatch(digits) and digits != word:
            self.octets.append(digits)
        if word.startswith("0x"):
            self.octets.append(word[2:].zfill(len(word) - 2 + len(word) % 2))
        if word.count("/") == 2:  # a prefix and its offset
            self._word(word.rpartition("/")[0])
        for part in re.split(r"[:/\-]", word):
            if part != word and part:
                self._word(part)


def number(word: str) -> int | None:
    """The number that ``word`` is, decimal or hexadecimal."""
    if word.isdecimal():
        return int(word)
    if re.fullmatch("0x[0-9a-f]+", word):
        return int(word, 16)
    return None


def canonical(word: str) -> str | None:
    """An address, or a prefix with its length, in its one canonical form."""
    host, slash, length = word.partition("/")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if slash and not length.isdecimal():
        return None
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped  # written either way
    return f"{address}/{int(length)}" if slash else str(address)


def squash(text: str) -> str:
    """Letters and digits alone, so that names compare: ``IS-IS Level 1`` and ``isis_level_1``."""
    return re.sub("[^0-9a-z]", "", text.lower())


def shown(leaf: Leaf, said: Words) -> bool:
    """Whether the peer shows the value."""
    value = leaf.value
    if isinstance(value, int) and PROTOCOLS.get(value) in said.words:
        return True
    match value:
        case tuple():
            return any(_number(one, said) for one in value)
        case bool():
            named = squash(leaf.path.rpartition(".")[2]) in said.squashed
            return named is value or _number(int(value), said)  # what is not set need not be shown
        case int():
            return _number(value, said)
        case float():
            return _float(value, said)
    if leaf.path.endswith("operator"):
        return value in said.text or any(one & 7 in OPERATORS.get(value, ()) for one in said.numbers)
    if any(_number(one, said) for one in numbered(value)):
        return True
    return _text(value, said)


def _number(value: int, said: Words) -> bool:
    if value in said.numbers or (abs(value) < 1 << 64 and float(value) in said.floats):
        return True
    if any(value.to_bytes(size).hex() in said.octets for size in (2, 3, 4, 8) if 255 < value < 1 << 8 * size):
        return True
    # AS numbers in two parts (RFC 5396 section 2), and path identifiers as addresses
    return 0 <= value < 1 << 32 and not said.words.isdisjoint(
        (f"{value >> 16}.{value & 0xFFFF}", str(ipaddress.IPv4Address(value)))
    )


def _float(value: float, said: Words) -> bool:
    """Bandwidths stand in octets a second (RFC 7471), and are shown in bits too, in Mbit, or as the number's octets."""
    shown = (*said.floats, *map(float, (one for one in said.numbers if one < 1 << 64)))
    for one in (value, value * 8, value * 8 / 1e6, value * 8 / 1e3, value / 1e6):
        if any(math.isclose(one, other, rel_tol=1e-4, abs_tol=5e-3) for other in shown):
            return True
    return math.isfinite(value) and abs(value) < 3.5e38 and int.from_bytes(struct.pack(">f", value)) in said.numbers


def _text(value: str, said: Words) -> bool:
    word = value.lower()
    if not value or word in said.words:
        return True
    address = canonical(word)
    if address is not None:
        host, slash, length = address.partition("/")
        if not slash:
            packed = ipaddress.ip_address(address).packed
            return address in said.words or any(one in said.octets for one in _packed(packed))
        if address in said.words:
            return True
        lengths = (int(length) + 64 * rd + 24 * labels for rd in (0, 1) for labels in range(4))
        return any(_number(one, said) for one in lengths) and (host in said.words or host_shown(host, length, said))
    if (found := number(word)) is not None and _number(found, said):
        return True
    digits = re.sub("[:.-]|^0x", "", word)
    if len(digits) % 2 == 0 and _HEX.fullmatch(digits) and _octets(digits, said):
        return True
    if any(mask & shown for mask in masks(value) for shown in said.numbers):
        return True
    parts = value.split(":")
    if len(parts) == 2 and all(part.isdecimal() for part in parts):
        joined = int(parts[0]) << 16 | int(parts[1])
        if _number(joined, said):
            return True  # a community that has a name
    if 1 < len(parts) < 4 and all(_part(part, said) for part in parts):
        return True  # a route distinguisher or a community, its parts apart
    return squash(value) != "" and squash(value) in said.squashed


def _packed(packed: bytes) -> Iterator[str]:
    """An address in octets; a next hop's length is shown before it, and a route distinguisher of 0."""
    for front in (b"", bytes((len(packed),)), bytes((len(packed) + 8,)) + bytes(8)):
        yield (front + packed).hex()


def host_shown(host: str, length: str, said: Words) -> bool:
    """The octets of a prefix, cut to its length."""
    packed = ipaddress.ip_address(host).packed[: (int(length) + 7) // 8]
    return packed.hex() in said.octets


def _part(part: str, said: Words) -> bool:
    found = number(part.lower())
    return _number(found, said) if found is not None else part.lower() in said.words


def _octets(digits: str, said: Words) -> bool:
    return digits in said.octets or int(digits, 16) in said.numbers


def missing(form: Any, said: Words) -> Iterable[Leaf]:
    """The values that the peer does not show."""
    return [leaf for leaf in leaves(form) if not shown(leaf, said)]


def altered(leaf: Leaf) -> Leaf | None:
    """The leaf with another value: what is compared well does not show that one too."""
    value = leaf.value
    if isinstance(value, int) and not isinstance(value, bool):
        return Leaf(leaf.path, value + 1)
    if isinstance(value, str) and (digits := list(re.finditer(r"[0-9](?=[^0-9]*$)", value))):
        at = digits[-1].start()
        return Leaf(leaf.path, f"{value[:at]}{(int(value[at]) + 1) % 10}{value[at + 1 :]}")
    return None
