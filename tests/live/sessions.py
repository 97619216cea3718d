"""Sessions with a daemon, and what arrives on them in the words of :mod:`routes`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from routes import ASN
from speakers import base

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from speakers.base import Speaker

SECONDS = 20.0
"""No wait is longer, but for the many routes."""


def config(address: str, families: tuple[str, ...], **fields: Any) -> Any:
    identifier = f"192.0.2.{address.rpartition('.')[2]}"
    return import_module("bgpwire.peer").Config(asn=ASN, bgp_id=identifier, peer_asn=ASN, families=families, **fields)


async def dial(speaker: Speaker, address: str, families: tuple[str, ...], **options: Any) -> Any:
    """A session from ``address``: a daemon refuses some in the seconds after one has ended."""
    peer = import_module("bgpwire.peer")
    fields = {name: options.pop(name) for name in ("add_path", "extended_messages", "hold_time") if name in options}
    found = config(address, families, **fields)
    async with asyncio.timeout(SECONDS):
        while True:
            with suppress(peer.SessionClosed):
                return await peer.connect(found, base.HOST, speaker.port, local_address=(address, 0), **options)
            await asyncio.sleep(0.2)


@asynccontextmanager
async def dialled(speaker: Speaker, *addresses: str, families: tuple[str, ...], **options: Any) -> AsyncIterator[Any]:
    """Sessions from several addresses."""
    peers = []
    try:
        for address in addresses:
            found = await dial(speaker, address, families, **options)
            peers.append(found)
        yield peers
    finally:
        for each in peers:
            await each.close()


@asynccontextmanager
async def accepted(
    speaker: Speaker, families: tuple[str, ...], seconds: float = SECONDS, **fields: Any
) -> AsyncIterator[Any]:
    """The session that the daemon begins within so many seconds."""
    peer = import_module("bgpwire.peer")
    address = base.DIALLED
    async with peer.listen(config(address, families, **fields), address, speaker.dialled) as listener:
        async with asyncio.timeout(seconds):
            while True:
                found = await listener.accept()
                if found.reason is None:
                    break
        yield found


def values(family: Any, nlri: Any, attributes: Any) -> tuple[str, dict[str, Any]]:
    """Key and values of what arrived, as :class:`routes.Announced` has them."""
    reach = attributes.mp_reach
    hop = attributes.next_hop if family == (1, 1) and reach is None else reach.next_hop
    labels = getattr(nlri, "labels", None) if family[1] in (4, 128) else None
    return key(family, nlri), {
        "next_hop": None if hop is None or str(hop) in ("", "None") else str(hop),
        "origin": str(attributes.origin).lower(),
        "path": tuple(map(int, str(attributes.as_path).split())),
        "med": attributes.med,
        "local_pref": attributes.local_pref,
        "communities": sorted(map(str, attributes.communities or ())),
        "large": sorted(map(str, attributes.large_communities or ())),
        "extended": sorted(map(str, attributes.extended_communities or ())),
        "labels": tuple(map(int, str(labels).split())) if labels is not None else (),
    }


def key(family: Any, nlri: Any) -> str:
    form = nlri.json()
    if family == (25, 70):
        kind = {2: "mac", 3: "multicast"}[form["type"]]
        parts = (form["rd"], kind, form["ethernet_tag"], form.get("mac"), form.get("ip") or form.get("originator"))
        return " ".join(str(part) for part in parts if part is not None)
    if family == (1, 133):
        return str(nlri)
    prefix = form if isinstance(form, str) else form["prefix"]
    return f"{form['rd']} {prefix}" if "rd" in form else prefix


class Table:
    """What a peer announced: (family, key) to values; with path identifiers (family, key, path_id)."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.routes: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.ended: set[str] = set()
        self.lengths: list[int] = []

    async def read(self, done: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Read until ``done``; what is missing after so many seconds the caller sees."""
        changes = import_module("bgpwire.peer").changes
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for each in self.peer:
                    assert each.action is None, each.errors
                    self.lengths.append(len(each))
                    if each.end_of_rib is not None:
                        self.ended.add(str(each.end_of_rib))
                    for family, nlri, attributes in changes(each):
                        name: tuple[Any, ...] = (str(family), key(family, nlri))
                        if nlri.path_id is not None:
                            name += (nlri.path_id,)
                        if attributes is None:
                            self.routes.pop(name, None)
                        else:
                            self.routes[name] = values(family, nlri, attributes)[1]
                    if done():
                        return
