"""What FRR and GoBGP told a station (samples/bmp-*.bmp), against what the peer's operator told that to announce."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.places import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

PATHS = sorted(SAMPLES.glob("*.bmp"))
FAULT = "of 192.0.2.3: ipv4-unicast without the path identifiers that were negotiated"
OWN = "64500 "
"""FRR writes its own AS in front."""


def expected(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.with_name(f"{path.stem}.expected.json").read_text("utf-8"))
    assert document["recording"] == path.name
    return document


def opened(impl: Any, path: Path) -> Any:
    return impl.bmp.open(path, withdraw=True)


def read(impl: Any, path: Path) -> tuple[list[Any], Any]:
    """The routes, and the file. Where path identifiers are missing there are faults, of which a warning speaks."""
    found = opened(impl, path)
    missing = [view for view in expected(path)["views"] if "identified" in expected(path) and view != "loc-rib"]
    missing = [view for view in missing if view not in expected(path)["identified"]]
    if missing:
        with pytest.warns(impl.BmpWarning, match=f"{len(missing)} faults"):
            routes = list(found.routes())
    else:
        routes = list(found.routes())
    assert sorted(error.reason for error in found.router.faults) == sorted(f"{view} {FAULT}" for view in missing)
    return routes, found


def told(impl: Any, route: Any, said: dict[str, Any], added: dict[str, Any]) -> bool:
    """Whether a route has what was configured, and what the policy added."""
    form = route.json()
    if form["prefix"] != said["prefix"] or str(route.family) != said["family"]:
        return False
    communities = {int(impl.Community(text)) for text in form.get("communities") or ()}
    wanted = [*said.get("communities", ()), *added.get("communities", ())]
    if {int(impl.Community(text)) for text in wanted} != communities:
        return False
    if "rd" in said and form["nlri"]["rd"] != said["rd"]:
        return False
    form["as_path"] = form["as_path"].removeprefix(OWN)
    form["extended_communities"] = [str(one) for one in route.extended_communities or ()]
    return all(form[name] == said[name] for name in {*said} - {"from", "family", "prefix", "rd", "communities"})


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_routes(impl: Any, path: Path) -> None:
    """All that was announced is in each view; and what is left at the end is withdrawn."""
    document = expected(path)
    routes, _ = read(impl, path)
    standing: dict[Any, Any] = {}
    for view in document["views"]:
        added = document.get("behind_the_policy", {}) if view == "adj-rib-in-post" else {}
        there = [route for route in routes if route.type == "A" and route.peer.rib == view]
        assert there
        missing = [said for said in document["routes"] if not any(told(impl, one, said, added) for one in there)]
        if "identified" in document and view == "loc-rib":
            missing = []  # of two paths one is chosen
        assert missing == []
        gone = {route.json()["prefix"] for route in routes if route.type == "W" and route.peer.rib == view}
        assert {said["prefix"] for said in document.get("withdrawn", ())} <= gone
        if "identified" in document:
            identified = {route.path_id is not None for route in there}
            assert identified == {view in document["identified"]}
    for route in routes:
        # Labels are no part of what is withdrawn, and GoBGP withdraws from its Loc-RIB as of AS 0 when it stops.
        key = route.peer.rib, route.peer.address, route.family, str(route.nlri), route.path_id
        if route.type == "A":
            standing[key] = route
        else:
            standing.pop(key, None)
    assert standing == {}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_messages(impl: Any, path: Path) -> None:
    """Every octet is of a message, nothing in them is wrong, and the sessions are those of the OPENs."""
    document = expected(path)
    messages = []
    with pytest.warns(impl.BmpWarning) if "identified" in document else _Quiet():
        found = opened(impl, path)
        messages = list(found.records())
    assert b"".join(map(bytes, messages)) == path.read_bytes()
    assert [message.errors for message in messages if message.errors] == []
    names = [message.name for message in messages]
    assert names[0] == "initiation"
    assert names.count("peer_up") == (1 if "identified" in document else 2)
    assert document["recorded_by"].split()[0].lower() in path.stem
    for up in (message for message in messages if message.name == "peer_up"):
        assert (up.sent.effective_asn, up.received.effective_asn) == (64500, 64501)
        assert (str(up.local_address), str(up.peer.address), up.peer.asn) == ("192.0.2.2", "192.0.2.3", 64501)
        assert ((1, 1) in up.session.add_path) == ("identified" in document)
        assert [one.errors for one in (up.sent, up.received) if one.errors] == []
    downs = [message.notification for message in messages if message.name == "peer_down" and message.reason == 3]
    assert {(down.code, down.subcode) for down in downs} <= {(6, 2), (6, 3)}
    for said in document.get("notifications", ()):
        assert (said["code"], said["subcode"]) in {(down.code, down.subcode) for down in downs}
    for message in messages:
        json.dumps(message.json())
        if message.name == "route_monitoring":
            assert not message.message.errors


class _Quiet:
    """In place of what expects a warning: there is none, or pytest makes an error of it."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
def test_every_family_is_withdrawn(impl: Any, path: Path) -> None:
    """The UPDATEs of the samples of MRT, told over BMP by a router whose peer negotiated nothing: what stands at the
    end is withdrawn, whatever its family."""
    monitor = impl.bmp.Monitor(withdraw=True)
    standing: set[Any] = set()

    def take(event: Any) -> None:
        try:
            found = impl.routes_of(event)
        except impl.DecodeError as error:
            found = error.routes
        for route in found:
            name = route.family, str(route.nlri)
            (standing.add if route.type == "A" else standing.discard)(name)

    for event in impl.mrt.open(path, on_skip=lambda _: None).messages():
        if event.message.name != "update" or event.session.add_path or not event.session.asn4:
            continue
        for one in monitor.events(made.monitoring(bytes(event.message))):
            take(one)
    for one in monitor.router.close():
        take(one)
    assert standing == set()
    assert [error.reason for error in monitor.router.faults if "cannot be withdrawn" in error.reason] == []
