"""The lines that ``bgpdump -m`` prints of a table of :mod:`benchmarks.table`, made of its values, not of its octets."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from benchmarks.table import BEGIN, IPV4, updates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.table import Attributes, Peer, Table


def address(octets: bytes) -> str:
    """IPv4 or IPv6, by the number of octets."""
    return str(IPv4Address(octets) if len(octets) == 4 else IPv6Address(octets))


def prefix(afi: int, octets: bytes) -> str:
    """Of a prefix as on the wire."""
    return f"{address(octets[1:].ljust(4 if afi == IPV4 else 16, bytes(1)))}/{octets[0]}"


def rest(peer: Peer, value: Attributes) -> str:
    """What stands behind the prefix."""
    path = " ".join(map(str, value.path))
    communities = " ".join(f"{number >> 16}:{number & 65535}" for number in value.communities)
    aggregator = f"{value.aggregator[0]} {address(value.aggregator[1])}" if value.aggregator else ""
    origin = ("IGP", "EGP", "INCOMPLETE")[value.origin]
    fields = (path, origin, address(peer.address), "0", str(value.med or 0), communities)
    return "|".join((*fields, "AG" if value.atomic else "NAG", aggregator, ""))


def table_lines(table: Table) -> Iterator[str]:
    """Of the form ``table_dump_v2``; the time is the record's, as ``bgpdump -m`` has it."""
    for group in table.groups():
        ends = [(f"{address(peer.address)}|{peer.asn}", rest(peer, value)) for peer, value, _ in group.paths]
        for octets in group.prefixes:
            text = prefix(group.afi, octets)
            for who, end in ends:
                yield f"TABLE_DUMP2|{BEGIN}|B|{who}|{text}|{end}"


def update_lines(table: Table, withdrawn: float = 0.1) -> Iterator[str]:
    """Of the form ``bgp4mp_et``."""
    for clock, peer, value, group in updates(table, withdrawn):
        seconds, microseconds = divmod(clock, 1_000_000)
        kind = "W" if value is None else "A"
        start = f"BGP4MP_ET|{BEGIN + seconds}.{microseconds:06}|{kind}|{address(peer.address)}|{peer.asn}|"
        end = "" if value is None else "|" + rest(peer, value)
        for octets in group.prefixes:
            yield start + prefix(group.afi, octets) + end
