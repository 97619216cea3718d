"""Functions for prefixes: held against ``ipaddress``."""

from __future__ import annotations

import ipaddress
import random
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def connection() -> Iterator[Any]:
    found = duckdb.connect(":memory:")
    for macro in import_module("bgpwire.sql.macros").MACROS:
        found.execute(macro)
    yield found
    found.close()


def prefixes() -> list[str]:
    """Of all lengths, as text that routers and registries write, host bits among them."""
    chance = random.Random(7)
    out = [
        "0.0.0.0/0",
        "::/0",
        "255.255.255.255/32",
        "::1",
        "192.0.2.1",
        "2001:DB8::/32",
        "1::",
        "::1/128",
        "fe80::1%0",
    ]
    out.pop()  # a zone is no part of a prefix
    out += [f"{ipaddress.IPv4Address(chance.getrandbits(32))}/{length}" for length in range(33)]
    for length in range(129):
        address = ipaddress.IPv6Address(chance.getrandbits(128) & ~(((1 << 64) - 1) << chance.randrange(0, 64)))
        out.append(f"{address}/{length}")
        out.append(f"{address.exploded}/{length}")
    return out


def digits(address: Any) -> str:
    return f"{address.version}{int(address):0{address.max_prefixlen // 4}X}"


def test_first_and_last_addresses(connection: Any) -> None:
    connection.execute("create table t as select unnest(?::varchar[]) as p", [prefixes()])
    found = connection.execute("select p, first_address(p), last_address(p) from t").fetchall()
    assert len(found) > 250
    for text, first, last in found:
        network = ipaddress.ip_network(text, strict=False)
        assert (first, last) == (digits(network.network_address), digits(network.broadcast_address))


@pytest.mark.parametrize("text", ["10.64.16.0/20", "2001:db8::/33", "192.0.2.1"])
def test_of_a_constant(connection: Any, text: str) -> None:
    network = ipaddress.ip_network(text)
    found = connection.execute(f"select first_address('{text}'), last_address('{text}')").fetchone()
    assert found == (digits(network.network_address), digits(network.broadcast_address))


def test_covers(connection: Any) -> None:
    several = prefixes()
    connection.execute("create table t as select unnest(?::varchar[]) as p", [several])
    found = set(connection.execute("select a.p, b.p from t a join t b on covers(a.p, b.p)").fetchall())
    networks = [(text, ipaddress.ip_network(text, strict=False)) for text in several]
    expected = {
        (a, b) for a, one in networks for b, two in networks if one.version == two.version and two.subnet_of(one)
    }  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    "text", ["nowhere", "", "10.0.0/8", "::ffff:10.0.0.1/128", "10.0.0.0.0/8", "1.2.3.4.5", "g::/16"]
)
def test_what_is_no_prefix_is_null(connection: Any, text: str) -> None:
    found = connection.execute("select first_address(p), last_address(p), covers(p, p) from (select ? as p)", [text])
    assert found.fetchone() == (None, None, None)


def test_null(connection: Any) -> None:
    found = connection.execute("select first_address(null), last_address(null), covers(null, '::/0')").fetchone()
    assert found == (None, None, None)
