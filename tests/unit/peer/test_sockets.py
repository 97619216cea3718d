"""TCP MD5 signatures (RFC 2385) and TTL security (RFC 5082), on loopback, with sockets that have them."""

from __future__ import annotations

import asyncio
import importlib
import socket
import sys
from typing import Any

import pytest
from support.peering import REMOTE, config, pair, run

LINUX = sys.platform.startswith("linux")


def _has_md5() -> bool:
    if not LINUX:
        return False
    with socket.socket() as probe:
        try:
            importlib.import_module("bgpwire.peer.sockets").set_md5(probe, "127.0.0.1", "secret")
        except OSError:
            return False
    return True


@pytest.fixture
def md5() -> None:
    if not _has_md5():
        pytest.skip("the kernel has no TCP MD5 signatures")


@pytest.mark.usefixtures("md5")
@pytest.mark.parametrize(
    ("host", "where"),
    [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "127.0.0.0/8"), ("::1", "::1"), ("::1", "::/64")],
)
def test_md5(impl: Any, host: str, where: str) -> None:
    async def work() -> None:
        options = {"listen_passwords": {where: "secret"}, "connect_password": b"secret"}
        async with pair(impl, host=host, **options) as (near, far, _):
            await near.end_of_rib("ipv4-unicast")
            assert (await anext(aiter(far))).end_of_rib == (1, 1)

    run(work())


@pytest.mark.usefixtures("md5")
@pytest.mark.parametrize("theirs", [None, "secret?"])
def test_another_password(impl: Any, theirs: str | None) -> None:
    """The kernel drops every segment: there is no connection."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with peer.listen(config(impl), "127.0.0.1", 0, passwords={"127.0.0.1": "secret"}) as listener:
            ours = peer.Config(asn=REMOTE, bgp_id="192.0.2.1", connect_time=0.1)
            with pytest.raises(peer.SessionClosed, match="no connection within"):
                await peer.connect(ours, "127.0.0.1", listener.port, password=theirs)

    run(work())


@pytest.mark.skipif(not LINUX, reason="TTL security is set on Linux alone")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_ttl_security(impl: Any, host: str) -> None:
    """255 on loopback: a peer that sends with less is not heard."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with pair(impl, host=host, ttl_security=1) as (near, far, listener):
            await near.end_of_rib("ipv4-unicast")
            assert (await anext(aiter(far))).end_of_rib == (1, 1)
            ours = peer.Config(asn=REMOTE, bgp_id="192.0.2.1", connect_time=0.1)
            with pytest.raises(peer.SessionClosed, match="no connection within"):
                await peer.connect(ours, host, listener.port, ttl=64)

    run(work())


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_ttl(impl: Any, family: int) -> None:
    sockets = importlib.import_module("bgpwire.peer.sockets")
    with socket.socket(family) as sock:
        sockets.set_ttl(sock, 7)
        level = (socket.IPPROTO_IP, socket.IP_TTL)
        if family == socket.AF_INET6:
            level = (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
        assert sock.getsockopt(*level) == 7
        for wrong in (0, 256):
            with pytest.raises(ValueError, match="TTL"):
                sockets.set_ttl(sock, wrong)
        for wrong in (0, 255):
            with pytest.raises(ValueError, match="TTL"):
                sockets.set_ttl_security(sock, wrong)


def test_what_cannot_be_set(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    peer, sockets = (importlib.import_module(f"bgpwire.peer{name}") for name in ("", ".sockets"))
    with socket.socket() as sock:
        for password in ("", "x" * 81):
            with pytest.raises(ValueError, match="octets"):
                sockets.set_md5(sock, "127.0.0.1", password)
        for address in ("127.0.0.1/8", "nobody"):
            with pytest.raises(ValueError, match=r"\w"):
                sockets.set_md5(sock, address, "x")
        if LINUX:
            with pytest.raises(ValueError, match="AF_INET"):
                sockets.set_md5(sock, "::1", "x")
        monkeypatch.setattr(sys, "platform", "plan9")
        for call in (lambda: sockets.set_md5(sock, "::1", "x"), lambda: sockets.set_ttl_security(sock, 1)):
            with pytest.raises(NotImplementedError, match="Linux alone"):
                call()

    async def work() -> None:
        with pytest.raises(ValueError, match="sets the TTL itself"):
            async with peer.listen(config(impl), "127.0.0.1", 0, ttl=1, ttl_security=1):
                pass
        with pytest.raises(ValueError, match="sets the TTL itself"):
            await peer.connect(config(impl), "127.0.0.1", 1, ttl=1, ttl_security=1)
        await asyncio.sleep(0)

    run(work())
