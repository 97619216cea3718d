"""A route that cannot be read behind routes that can: those before it are kept, and the error says where it begins."""

from __future__ import annotations

from itertools import product
from typing import Any

from support.each import each

RD = "0000fde800000064"

# The family; a route that is well-formed; one that is not, and why. Lengths are in bits: 3 octets of label are 24.
FAULTS: list[tuple[int, int, str, str, str]] = [
    (1, 1, "18cb0071", "18cb00", "prefix runs over the end"),
    (1, 1, "18cb0071", "21cb00710000", "prefix length 33"),
    (2, 1, "2020010db8", "2020010d", "prefix runs over the end"),
    (2, 1, "2020010db8", "81" + "20" * 17, "prefix length 129"),
    (1, 4, "30000641cb0071", "30000641cb00", "prefix runs over the end"),
    (1, 4, "30000641cb0071", "10 0006", "label stack without an end"),  # RFC 8277 section 2.2
    (1, 4, "30000641cb0071", "39 000641 cb00710000", "prefix length 33"),
    (2, 4, "3800064120010db8", "38000641 20010d", "prefix runs over the end"),
    (1, 128, f"70000641{RD}cb0071", f"70000641{RD}cb00", "prefix runs over the end"),
    (1, 128, f"70000641{RD}cb0071", "10 0006", "label stack without an end"),
    # RFC 4364 section 4.3.4: 8 octets of route distinguisher stand behind the label.
    (1, 128, f"70000641{RD}cb0071", "38 000641 0000fde8", "no room for a route distinguisher"),
    (1, 128, f"70000641{RD}cb0071", "57 000641 0000fde8000000ff", "no room for a route distinguisher"),
    (1, 128, f"70000641{RD}cb0071", f"79 000641 {RD} cb00710000", "prefix length 33"),
    (2, 128, f"78000641{RD}20010db8", "38 000641 0000fde8", "no room for a route distinguisher"),
]


@each("fault, before, place", product(FAULTS, (0, 1, 3), ((0, 0), (2, 0), (2, 100))))
def test_where(impl: Any, fault: tuple[int, int, str, str, str], before: int, place: tuple[int, int]) -> None:
    afi, safi, good, bad, reason = fault
    start, base = place
    octets = bytes(start) + bytes.fromhex(good * before + bad)
    routes = impl.MpNlriCollection(octets, afi=afi, safi=safi, start=start, base=base)
    assert [bytes(route).hex() for route in routes.values] == [good] * before
    error = routes.error
    assert reason in str(error)
    assert (error.code, error.subcode) == (3, 10)
    assert error.offset == base + start + before * len(bytes.fromhex(good))
