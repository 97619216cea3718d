"""A full table, made of a seed: as TABLE_DUMP_V2, as BGP4MP_ET, as bare UPDATEs, and as the lines of ``bgpdump -m``.

    python -m benchmarks.table FORM FILE [--ipv4 N] [--ipv6 N] [--peers N] [--held N] [--together N] [--seed N]

What is drawn follows what collectors hold (RouteViews, 2014 and 2015): how long prefixes and paths are, how many routes
have communities and how many different sets of them there are, how many neighbouring prefixes share all of their
attributes. The same arguments give the same octets. Nothing of bgpwire is in it: what it is to be measured by, it
does not write.
"""

from __future__ import annotations

import argparse
import random
import struct
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

IPV4, IPV6 = 1, 2
LENGTHS = {
    IPV4: dict(zip(range(8, 25), (1, 1, 1, 1, 1, 3, 5, 4, 20, 11, 19, 46, 61, 84, 107, 88, 549), strict=True)),
    IPV6: {20: 1, 24: 1, 28: 1, 29: 13, 32: 172, 33: 6, 34: 6, 35: 11, 36: 28, 38: 7, 40: 40, 44: 23, 45: 9, 46: 12,
           47: 11, 48: 622, 56: 3, 64: 6, 126: 6},
}  # fmt: skip
"""How many prefixes of a thousand have so many bits."""
BETWEEN = {0: 40, 1: 271, 2: 348, 3: 193, 4: 72, 5: 32, 6: 15, 7: 8, 8: 5, 10: 5, 12: 6, 14: 2}
"""AS numbers between the peer's and the one that originates; from 5 up it is the originator, repeated."""
COMMUNITIES = {1: 230, 2: 150, 3: 60, 4: 90, 5: 200, 6: 83, 7: 50, 8: 21, 9: 21, 10: 35, 12: 15, 14: 6, 20: 2, 32: 2}
"""How many there are where there are any."""
WITHOUT = {IPV4: 0.51, IPV6: 0.32}
"""Share of routes that have no communities."""
TOGETHER = 3.1
"""Prefixes in a row that a peer announces with the same attributes, on average."""
PER_ORIGIN = 13
"""Prefixes of an AS, on average: a million of some 77,000."""
SETS, MOST_SETS = 0.0135, 20_000
"""Different sets of communities: their share of the routes, and where their number stops growing."""
HEADS = (0x2001, 0x2400, 0x2401, 0x2402, 0x2403, 0x2404, 0x2600, 0x2602, 0x2604, 0x2620, 0x2800, 0x2804, 0x2A00, 0x2A02,
         0x2A03, 0x2A0A, 0x2A10, 0x2C0F)  # fmt: skip
BEGIN = 1_764_374_400
"""Seconds since 1970: 29 November 2025."""
LOCAL_AS, LOCAL = 12654, {IPV4: bytes((193, 0, 4, 28)), IPV6: bytes.fromhex("200107f8005400000000000000010099")}


class Peer(NamedTuple):
    """A neighbour of the collector: of IPv4 or IPv6, by its address."""

    index: int
    asn: int
    address: bytes

    @property
    def afi(self) -> int:
        return IPV4 if len(self.address) == 4 else IPV6


class Attributes(NamedTuple):
    """What a peer says of some prefixes; the next hop is its address."""

    path: tuple[int, ...]
    origin: int
    med: int | None
    atomic: bool
    aggregator: tuple[int, bytes] | None
    communities: tuple[int, ...]


class Group(NamedTuple):
    """Prefixes as on the wire (RFC 4271 section 4.3), and who announces them since when with which attributes."""

    afi: int
    prefixes: list[bytes]
    paths: list[tuple[Peer, Attributes, int]]


class Table:
    """``ipv4`` and ``ipv6`` prefixes, each of which ``held`` of the ``peers`` of its family announce.

    ``together``: how many prefixes in a row have the same attributes, exactly; by default it varies around 3.
    """

    def __init__(
        self,
        ipv4: int = 1_000_000,
        ipv6: int = 200_000,
        peers: int = 40,
        held: int = 2,
        together: int | None = None,
        seed: int = 4271,
    ) -> None:
        dice = random.Random(seed)
        self.seed = seed
        self.held = held
        self.together = together
        numbers = [dice.randrange(1, 64496) for _ in range(600)]
        self.peers = [
            Peer(
                i, numbers[i], bytes((193, 203, i >> 8, i & 255)) if i % 4 else LOCAL[IPV6][:12] + struct.pack("!I", i)
            )
            for i in range(max(peers, 2))
        ]
        count = max((ipv4 + ipv6) // PER_ORIGIN, 10)
        short, long = range(1, 64496), range(131072, 402000)
        self._origins = [dice.choice(long if dice.random() < 0.45 else short) for _ in range(count)]
        self._between = self._middles(dice, numbers)
        sets = min(max(int((ipv4 + ipv6) * held * SETS), 50), MOST_SETS)
        sizes = dice.choices(list(COMMUNITIES), list(COMMUNITIES.values()), k=sets)
        self._communities = [
            tuple(sorted(dice.choice(numbers) << 16 | dice.randrange(1, 65536) for _ in range(size))) for size in sizes
        ]
        self.prefixes = {IPV4: prefixes4(dice, ipv4), IPV6: prefixes6(dice, ipv6)}

    @staticmethod
    def _middles(dice: random.Random, numbers: list[int], count: int = 20_000) -> list[tuple[int, ...]]:
        """Transit, the largest networks in most of it; a negative number says how often the originator is repeated."""
        weights = list(accumulate(1 / (i + 1) for i in range(len(numbers))))
        out = []
        for size in dice.choices(list(BETWEEN), list(BETWEEN.values()), k=count):
            transit = tuple(dict.fromkeys(dice.choices(numbers, cum_weights=weights, k=min(size, 5))))
            out.append((*transit, len(transit) - size) if size > 5 else transit)
        return out

    def groups(self) -> Iterator[Group]:
        """All of the table, IPv4 first, in the order of the prefixes."""
        dice = random.Random(self.seed + 1)
        for afi in (IPV4, IPV6):
            prefixes = self.prefixes[afi]
            peers = [peer for peer in self.peers if peer.afi == afi]
            held = min(self.held, len(peers))
            at = 0
            while at < len(prefixes):
                size = self.together or 1 + min(int(dice.expovariate(1 / (TOGETHER - 0.6))), 40)
                origin = dice.choice(self._origins)
                chosen = sorted(dice.sample(peers, held))
                paths = [(one, self._draw(dice, one, origin), BEGIN - int(dice.random() ** 3 * 3e7)) for one in chosen]
                yield Group(afi, prefixes[at : at + size], paths)
                at += size

    def _draw(self, dice: random.Random, peer: Peer, origin: int) -> Attributes:
        roll = dice.random
        between = self._between
        middle = between[int(roll() * len(between))]
        if middle and middle[-1] < 0:
            middle = middle[:-1] + (origin,) * -middle[-1]
        communities: tuple[int, ...] = ()
        if roll() >= WITHOUT[peer.afi]:
            communities = self._communities[int(roll() ** 3 * len(self._communities))]
        med = int(roll() * 500) if roll() < 0.38 else None
        atomic = roll() < 0.04
        aggregator = (origin, struct.pack("!I", 0xC6336400 + origin % 256)) if roll() < 0.07 else None
        return Attributes((peer.asn, *middle, origin), 0 if roll() < 0.92 else 2, med, atomic, aggregator, communities)


def prefixes4(dice: random.Random, count: int) -> list[bytes]:
    """Different IPv4 prefixes in order, the shortest first of those that begin alike."""
    found: set[tuple[int, int]] = set()
    while len(found) < count:
        missing = count - len(found)
        for bits in dice.choices(list(LENGTHS[IPV4]), list(LENGTHS[IPV4].values()), k=missing):
            first = 1 + int(dice.random() * 222)
            if first not in (10, 127):
                found.add(((first << 24 | dice.getrandbits(24)) >> 32 - bits << 32 - bits, bits))
    return [bytes((bits,)) + address.to_bytes(4)[: bits + 7 >> 3] for address, bits in sorted(found)]


def prefixes6(dice: random.Random, count: int) -> list[bytes]:
    """The same of IPv6; what is longer than 64 bits is a link of few hosts."""
    found: set[tuple[int, int]] = set()
    while len(found) < count:
        missing = count - len(found)
        for bits in dice.choices(list(LENGTHS[IPV6]), list(LENGTHS[IPV6].values()), k=missing):
            address = dice.choice(HEADS) << 112 | dice.getrandbits(48) << 64 | dice.getrandbits(16)
            found.add((address >> 128 - bits << 128 - bits, bits))
    return [bytes((bits,)) + address.to_bytes(16)[: bits + 7 >> 3] for address, bits in sorted(found)]


# ---------------------------------------------------------------------- octets


def head(value: Attributes) -> bytes:
    """ORIGIN and AS_PATH, of 4 octets an AS number."""
    count = len(value.path)
    numbers = struct.pack(f"!{count}I", *value.path)
    return b"\x40\x01\x01%c\x50\x02%b\x02%c%b" % (value.origin, (2 + 4 * count).to_bytes(2), count, numbers)


def tail(value: Attributes) -> bytes:
    """What comes behind the next hop."""
    out = b"" if value.med is None else b"\x80\x04\x04" + value.med.to_bytes(4)
    if value.atomic:
        out += b"\x40\x06\x00"
    if value.aggregator is not None:
        out += b"\xc0\x07\x08" + value.aggregator[0].to_bytes(4) + value.aggregator[1]
    if value.communities:
        count = len(value.communities)
        out += b"\xc0\x08%c" % (4 * count) + struct.pack(f"!{count}I", *value.communities)
    return out


def entry_attributes(peer: Peer, value: Attributes) -> bytes:
    """Of a RIB entry: of MP_REACH_NLRI only the next hop (RFC 6396 section 4.3.4)."""
    if peer.afi == IPV4:
        return head(value) + b"\x40\x03\x04" + peer.address + tail(value)
    return head(value) + tail(value) + b"\x80\x0e\x11\x10" + peer.address


def update(peer: Peer, value: Attributes | None, prefixes: list[bytes]) -> bytes:
    """A whole UPDATE that announces ``prefixes``, or withdraws them where ``value`` is None."""
    nlri = b"".join(prefixes)
    withdrawn = attributes = announced = b""
    if peer.afi == IPV4:
        if value is None:
            withdrawn = nlri
        else:
            attributes, announced = head(value) + b"\x40\x03\x04" + peer.address + tail(value), nlri
    elif value is None:
        attributes = b"\x90\x0f%b\x00\x02\x01%b" % ((3 + len(nlri)).to_bytes(2), nlri)
    else:
        reach = b"\x00\x02\x01\x10" + peer.address + b"\x00" + nlri
        attributes = head(value) + tail(value) + b"\x90\x0e" + len(reach).to_bytes(2) + reach
    size = 23 + len(withdrawn) + len(attributes) + len(announced)
    start = b"\xff" * 16 + size.to_bytes(2) + b"\x02" + len(withdrawn).to_bytes(2) + withdrawn
    return start + len(attributes).to_bytes(2) + attributes + announced


def record(seconds: int, kind: int, subtype: int, body: bytes) -> bytes:
    """An MRT record (RFC 6396 section 2)."""
    return struct.pack("!IHHI", seconds, kind, subtype, len(body)) + body


def table_dump_v2(table: Table) -> Iterator[bytes]:
    """TABLE_DUMP_V2: the index of the peers, then a record a prefix."""
    index = LOCAL[IPV4] + b"\x00\x04demo" + struct.pack("!H", len(table.peers))
    for peer in table.peers:
        index += b"%c" % (2 if peer.afi == IPV4 else 3) + struct.pack("!I", 0xC6120000 + peer.index)
        index += peer.address + struct.pack("!I", peer.asn)
    yield record(BEGIN, 13, 1, index)
    number, last = 0, 0
    for group in table.groups():
        number = number if group.afi == last else 0
        last = group.afi
        entries = struct.pack("!H", len(group.paths))
        for peer, value, since in group.paths:
            octets = entry_attributes(peer, value)
            entries += struct.pack("!HIH", peer.index, since, len(octets)) + octets
        out = b""
        for prefix in group.prefixes:
            out += record(BEGIN, 13, 2 if group.afi == IPV4 else 4, number.to_bytes(4) + prefix + entries)
            number += 1
        yield out


def updates(table: Table, withdrawn: float = 0.1) -> Iterator[tuple[int, Peer, Attributes | None, Group]]:
    """Microseconds since the beginning, and who then announces, or withdraws, the prefixes of a group."""
    dice = random.Random(table.seed + 2)
    clock = 0
    for group in table.groups():
        for peer, value, _ in group.paths:
            clock += int(dice.expovariate(1 / 500))
            yield clock, peer, None if dice.random() < withdrawn else value, group


def bgp4mp_et(table: Table, withdrawn: float = 0.1) -> Iterator[bytes]:
    """BGP4MP_ET, MESSAGE_AS4: an UPDATE a group and peer; one in ten withdraws."""
    for clock, peer, value, group in updates(table, withdrawn):
        seconds, microseconds = divmod(clock, 1_000_000)
        sides = struct.pack("!IIIHH", microseconds, peer.asn, LOCAL_AS, 0, peer.afi) + peer.address + LOCAL[peer.afi]
        yield record(BEGIN + seconds, 17, 4, sides + update(peer, value, group.prefixes))


def messages(table: Table) -> Iterator[bytes]:
    """Bare UPDATEs, all of which announce, of sessions with 4 octets an AS number."""
    for _, peer, value, group in updates(table, 0):
        yield update(peer, value, group.prefixes)


FORMS = {"table_dump_v2": table_dump_v2, "bgp4mp_et": bgp4mp_et, "messages": messages}


def write(table: Table, form: str, file: BinaryIO) -> None:
    """Write the table into an open file, in one of :data:`FORMS`."""
    for octets in FORMS[form](table):
        file.write(octets)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__.partition("\n")[0])
    parser.add_argument("form", choices=(*FORMS, "lines", "update_lines"))
    parser.add_argument("file")
    for name, number in (("ipv4", 1_000_000), ("ipv6", 200_000), ("peers", 40), ("held", 2), ("seed", 4271)):
        parser.add_argument(f"--{name}", type=int, default=number, metavar="N", help=f"default {number:,}")
    parser.add_argument("--together", type=int, metavar="N", help="prefixes in a row with the same attributes")
    args = parser.parse_args()
    table = Table(args.ipv4, args.ipv6, args.peers, args.held, args.together, args.seed)
    with open(args.file, "wb") as file:
        if args.form in FORMS:
            write(table, args.form, file)
        else:
            from benchmarks.table_lines import table_lines, update_lines

            made = table_lines(table) if args.form == "lines" else update_lines(table)
            file.writelines(line.encode() + b"\n" for line in made)


if __name__ == "__main__":
    main()
