"""Routes that were read become announcements and withdrawals again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from support.context import message

if TYPE_CHECKING:
    from pathlib import Path

REACH = "800e1a 0002 01 10 20010db8000000000000000000000001 00 2020010db8"


def routes(impl: Any, *bodies: bytes) -> list[Any]:
    peer = impl.Peer(impl.Address("192.0.2.9"), 64500)
    return [route for body in bodies for route in impl.routes_of(impl.Event(message(2, body), peer=peer))]


def body(attributes: str = "", nlri: str = "", withdrawn: str = "") -> bytes:
    block, gone = bytes.fromhex(attributes), bytes.fromhex(withdrawn)
    return len(gone).to_bytes(2) + gone + len(block).to_bytes(2) + block + bytes.fromhex(nlri)


def state(impl: Any, found: list[Any]) -> dict[Any, Any]:
    """What holds in the end, by NLRI."""
    out: dict[Any, Any] = {}
    for route in found:
        said = None if route.type == "W" else [bytes(a) for a in route.attributes if a.code not in (3, 14, 15)]
        out[route.family, route.nlri] = said and (said, route.next_hop)
    return out


def test_one_after_another(impl: Any) -> None:
    """What has the same attributes goes together, families apart, and nothing overtakes what it replaces."""
    base = "40010100 40020602010000fbf4 400304c0000201"
    found = routes(
        impl,
        body(base, "18c00002"),
        body(base + "80040400000005", "18c63364"),
        body(base, "18cb0071"),
        body(base + REACH),
        body(withdrawn="18c00002"),
    )
    given = list(impl.updates_of(found))
    assert [(type(u).__name__, list(map(str, u.nlri))) for u in given] == [
        ("Announcement", ["192.0.2.0/24", "203.0.113.0/24"]),
        ("Announcement", ["198.51.100.0/24"]),
        ("Announcement", ["2001:db8::/32"]),
        ("Withdrawal", ["192.0.2.0/24"]),
    ]
    sent = [message.data[19:] for update in given for message in update.messages()]
    assert state(impl, routes(impl, *sent)) == state(impl, found)
    assert len(list(impl.updates_of(found, most=1))) == 5
    (update,) = impl.updates_of(found[:1], next_hop="192.0.2.2", communities=["64500:9"])
    (changed,) = update.messages()
    assert (str(changed.attributes.next_hop), str(changed.attributes.communities)) == ("192.0.2.2", "64500:9")


def test_what_is_no_change(impl: Any) -> None:
    with pytest.raises(TypeError, match="'nexthop'"):
        impl.updates_of([], nexthop="192.0.2.1")
    with pytest.raises(ValueError, match="at most 0"):
        impl.updates_of([], most=0)
    (torn,) = routes(impl, body("40010103 40020602010000fbf4 400304c0000201", "18c00002"))
    with pytest.raises(impl.EncodeError, match="origin"):
        list(impl.updates_of([torn]))


def test_an_archive(impl: Any, data_dir: Path) -> None:
    """All that one peer said in a real file, said again: the same routes in the end."""
    with impl.mrt.open(data_dir / "ris-updates.20160811.1600.gz") as archive:
        everything = [route for route in archive.routes() if route.type in ("A", "W")]
    ((peer, _),) = Counter(route.peer for route in everything[:2000]).most_common(1)
    found = [route for route in everything if route.peer == peer]
    assert len(found) > 100
    session = impl.Session()
    sent = [message.data[19:] for update in impl.updates_of(found) for message in update.messages(session)]
    assert state(impl, routes(impl, *sent)) == state(impl, found)
