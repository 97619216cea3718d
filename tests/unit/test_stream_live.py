"""A real daemon peers with us on loopback and sends what it is configured with: that is what arrives.

Each daemon runs once and has a peer for every implementation and transport, each at an address of its own. A daemon
that is not installed is skipped by name.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from support.daemons.base import IPV4, IPV6, LOCAL_ASN, VPNV4, Configured, Daemon
from support.daemons.bird import Bird
from support.daemons.exabgp import ExaBgp
from support.daemons.gobgp import GoBgp
from support.speaker import AsyncioSession, SocketSession, our_open

if TYPE_CHECKING:
    from collections.abc import Iterator

DAEMONS = (Bird, GoBgp, ExaBgp)
SESSIONS = {"socket": SocketSession, "asyncio": AsyncioSession}
SECONDS = 20.0
"""No wait is longer; all of them together take a few seconds where nothing is wrong."""


def routes() -> list[Configured]:
    """300 IPv4 and 300 IPv6 routes, all with attributes of their own, 3 next hops; 6 of a VPN."""
    out = []
    for number in range(300):
        group, rest = divmod(number, 100)
        values = {
            "path": (65020 + number % 7, 4200000100 + number),
            "med": 100 + group,
            "community": f"65010:{number}",
            "large": f"4200000000:{number}:1",
            "target": f"rt:65010:{number}",
            "gone": number % 50 == 3,
        }
        out += [
            Configured(IPV4, f"10.{group}.{rest}.0/24", f"192.0.2.{group + 1}", **values),
            Configured(IPV6, f"2001:db8:{group + 1}{rest:02}::/48", f"2001:db8:ffff::{group + 1}", **values),
        ]
        if number < 6:
            vpn = {"rd": f"65010:{number}", "label": 1000 + number}
            out.append(Configured(VPNV4, "10.99.0.0/16", f"192.0.2.{group + 1}", **values | vpn))
    return out


def huge() -> Configured:
    """One whose UPDATE is longer than 4,096 octets."""
    communities = " ".join(f"65011:{number}" for number in range(1100))
    return Configured(IPV4, "10.200.0.0/16", "192.0.2.9", (), 8, communities, "", "", huge=True)


def alike() -> list[Configured]:
    """700 IPv4 routes that share all their attributes."""
    return [
        Configured(IPV4, f"10.{100 + number // 250}.{number % 250}.0/24", "192.0.2.9", (), 7, "", "", "")
        for number in range(700)
    ]


def expected(route: Configured) -> tuple[Any, dict[str, Any]]:
    name = route.prefix if route.rd is None else f"{route.rd} {route.prefix}"
    return (route.family, name), {
        "origin": "IGP",
        "as_path": " ".join(map(str, (LOCAL_ASN, *route.path))),
        "med": route.med,
        "communities": sorted(route.community.split()),
        "large": route.large.split(),
        "extended": route.target.split(),
        "next_hop": route.next_hop,
        "labels": None if route.label is None else str(route.label),
    }


class Running:
    """A daemon and the sockets on which its peers wait for it."""

    def __init__(self, daemon: Daemon, listeners: list[socket.socket]) -> None:
        self.daemon = daemon
        self.listeners = listeners


@pytest.fixture(scope="module", params=DAEMONS, ids=lambda daemon: daemon.program)
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    kind: type[Daemon] = request.param
    if kind.find() is None:
        pytest.skip(f"{kind.program} is not installed")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix=f"{kind.program}-")))
        listeners = []
        for number in range(4):
            try:
                listener = socket.create_server((f"127.0.0.{11 + number}", 0))
            except OSError as error:
                pytest.skip(f"no addresses on loopback: {error}")
            listener.settimeout(SECONDS)
            listeners.append(stack.enter_context(listener))
        daemon = kind(folder, listeners, [*routes(), *alike(), huge()])
        stack.callback(daemon.stop)
        daemon.start()
        yield Running(daemon, listeners)


@pytest.mark.parametrize("transport", SESSIONS)
def test_what_a_daemon_is_configured_with_arrives(impl: Any, running: Running, transport: str) -> None:
    """The socket asks for nothing, asyncio for ADD-PATH and extended messages."""
    daemon = running.daemon
    asks = transport == "asyncio"
    connection = daemon.meet(running.listeners.pop())
    sent = our_open(impl, daemon.families, add_path=asks, extended=asks)
    with SESSIONS[transport](impl, connection, sent) as session:
        table = session.table
        want = {name: values for route in daemon.routes if asks or not route.huge for name, values in [expected(route)]}
        with suppress(TimeoutError):  # what is missing says more
            session.until(lambda t: t.ended >= set(daemon.families) and len(t.routes) >= len(want), SECONDS)
        assert table.routes == want
        assert table.ended == table.session.families == set(daemon.families)
        assert table.session.peer_asn == LOCAL_ASN
        assert (None not in table.path_ids) == (asks and daemon.add_path)
        assert (max(table.lengths) > 4096) == (asks and daemon.extended)

        gone = {expected(route)[0] for route in daemon.routes if route.gone}
        assert gone
        daemon.withdraw()
        try:
            session.until(lambda table: gone <= set(table.withdrawn), SECONDS)
            assert table.routes == {name: values for name, values in want.items() if name not in gone}
        finally:
            daemon.restore()
