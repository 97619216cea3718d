"""What a client of RIS Live asks for."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

import pytest

OPTIONS = {"includeRaw": True, "acknowledge": False}


def test_all_that_ris_hears(impl: Any) -> None:
    asked = json.loads(impl.live.ris.subscribe())
    assert asked == {"type": "ris_subscribe", "data": {"socketOptions": OPTIONS}}


def test_every_filter(impl: Any) -> None:
    asked = impl.live.ris.subscribe(
        host="rrc00",
        type="UPDATE",
        require="announcements",
        peer="2001:DB8::1",
        path="^64500,[64501,64502]$",
        prefix="192.0.2.0/24",
        less_specific=True,
        include_raw=False,
        acknowledge=True,
    )
    assert json.loads(asked)["data"] == {
        "host": "rrc00",
        "type": "UPDATE",
        "require": "announcements",
        "peer": "2001:db8::1",
        "path": "^64500,[64501,64502]$",
        "prefix": "192.0.2.0/24",
        "moreSpecific": True,
        "lessSpecific": True,
        "socketOptions": {"includeRaw": False, "acknowledge": True},
    }


def test_values_in_their_forms(impl: Any) -> None:
    values = [impl.Prefix("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")]
    asked = json.loads(impl.live.ris.subscribe(prefix=values, peer=impl.Address("192.0.2.1"), path=64500))["data"]
    assert (asked["prefix"], asked["peer"], asked["path"]) == (["10.0.0.0/8", "2001:db8::/32"], "192.0.2.1", 64500)
    for path in ("64500", "!^64500", "64500$", "!64500,64501$"):
        assert json.loads(impl.live.ris.subscribe(path=path))["data"]["path"] == path


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "update"},
        {"host": ""},
        {"host": "a b"},
        {"host": 5},
        {"require": "a,b"},
        {"peer": "192.0.2.0/24"},
        {"path": "64500 64501"},
        {"path": "6450[01]"},
        {"path": -1},
        {"path": 1 << 32},
        {"path": True},
        {"path": []},
        {"prefix": "192.0.2.0/33"},
        {"prefix": []},
        {"prefix": 5},
    ],
    ids=str,
)
def test_what_cannot_be_asked(impl: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        impl.live.ris.subscribe(**wrong)
