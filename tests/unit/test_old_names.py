"""What was public in 0.1 is there in 0.2; what has another name now works, and warns (docs/migration.md)."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, update

# ``__all__`` of 0.1.
NAMES = {
    "bgpwire": """
        IMPLEMENTATION Action Address Afi Aggregator AsPath Attribute BgpwireError Communities Community
        ComparisonWarning DecodeError ExtendedCommunities ExtendedCommunity Family Keepalive LabelStack
        LabelledPrefix LargeCommunities LargeCommunity Message MessageHeaderError MpNlriCollection MpReach
        MpUnreach MrtError MrtWarning NextHop Nlri NlriCollection Notification Open OpenMessageError Origin
        PathAttributes Peer Prefix PrefixSet Provenance Reader Record Route RouteDistinguisher RouteRefresh
        RouteRefreshError Safi Segment SegmentType Session TruncatedError UnknownAttribute UnknownMessage
        UnknownNlri Update UpdateMessageError VpnPrefix __version__ mrt split
    """,
    "bgpwire.mrt": """
        Body MrtFile Skip UnknownRecord body_bgp4mp body_historic body_table decode_record open record_json
    """,
}


@pytest.mark.parametrize("module", NAMES)
def test_names_are_there(impl: Any, module: str) -> None:
    found = import_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [name for name in NAMES[module].split() if not hasattr(found, name)] == []
    assert set(NAMES[module].split()) <= set(found.__all__)


def test_old_names_warn(impl: Any) -> None:
    with pytest.warns(DeprecationWarning, match=r"bgpwire\.mrt\.MrtMessage is deprecated"):
        assert impl.mrt.MrtMessage is impl.Event
    data = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
    (route,) = impl.mrt.open(data).routes()
    (record,) = impl.mrt.open(data).records()
    with pytest.warns(DeprecationWarning, match=r"Route\.record is deprecated"):
        assert bytes(route.record) == bytes(record)
    (event,) = impl.mrt.open(data).messages()
    with pytest.warns(DeprecationWarning, match=r"Event\.record is deprecated"):
        assert bytes(event.record) == bytes(record)


def test_what_replaces_the_record(impl: Any) -> None:
    """The table of docs/migration.md."""
    data = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
    (route,) = impl.mrt.open(data).routes()
    (record,) = impl.mrt.open(data).records()
    event = route.event
    assert (event.mrt_type, event.mrt_subtype, event.offset) == (record.type, record.subtype, record.offset)
    assert record.data.endswith(event.octets)
    assert bytes(event.message) == event.octets
