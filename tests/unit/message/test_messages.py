"""Messages: they own their octets, decode on demand, and say what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import ATTRIBUTES, MARKER, attribute, message, update

NLRI = b"\x08\x0a\x18\xc0\0\2"
UPDATE = update(b"\x10\xac\x10", ATTRIBUTES, NLRI)


def test_each_type_has_its_class(impl: Any) -> None:
    for kind, body, name in (
        (1, b"\4\xfd\xe8\0\x5a\xc0\0\2\1\0", "Open"),
        (2, bytes(4), "Update"),
        (3, b"\6\2", "Notification"),
        (4, b"", "Keepalive"),
        (5, b"\0\1\0\1", "RouteRefresh"),
        (77, b"abc", "UnknownMessage"),
    ):
        found = impl.Message.decode(message(kind, body))
        assert type(found).__name__ == name
        assert isinstance(found, impl.Message)
        assert bytes(found) == message(kind, body)
        assert len(found) == 19 + len(body)
        assert bytes(found.body) == body
        assert found == impl.Message.decode(message(kind, body))
        assert found != impl.Message.decode(message(kind, body), impl.Session(asn4=False))


def test_it_owns_its_octets(impl: Any) -> None:
    """The buffer is free for the next message; octets that cannot change are not copied."""
    buffer = bytearray(UPDATE)
    found = impl.Message.decode(buffer)
    buffer[:] = bytes(len(buffer))
    assert found.nlri.json() == ["10.0.0.0/8", "192.0.2.0/24"]
    assert impl.Message.decode(UPDATE).data is UPDATE


def test_sections(impl: Any) -> None:
    found = impl.Message.decode(UPDATE)
    assert bytes(found.withdrawn) == b"\x10\xac\x10"
    assert bytes(found.attributes) == ATTRIBUTES
    assert bytes(found.nlri) == NLRI
    assert found.withdrawn is found.withdrawn
    assert found.attributes is found.attributes
    assert found.nlri is found.nlri
    assert found.errors == []
    assert found.action is None
    assert found.end_of_rib is None
    # The collections are views of the message: memoryview gives its octets, uncopied.
    view = memoryview(found.nlri)
    assert (bytes(view), view.readonly) == (NLRI, True)
    assert [bytes(part) for part in impl.split(found.body)] == [b"\x10\xac\x10", ATTRIBUTES, NLRI]


def test_attributes_by_name(impl: Any) -> None:
    block = (
        ATTRIBUTES
        + attribute(0x80, 4, b"\0\0\0\5")
        + attribute(0x40, 5, b"\0\0\0\x64")
        + attribute(0x40, 6, b"")
        + attribute(0xC0, 7, b"\0\0\xfd\xe8\xc0\0\2\1")
        + attribute(0xC0, 8, b"\xfd\xe8\0\1")
        + attribute(0x80, 9, b"\xc0\0\2\1")
        + attribute(0x80, 10, b"\xc0\0\2\2")
        + attribute(0xC0, 16, b"\0\2\xfd\xe8\0\0\0\1")
        + attribute(0xC0, 32, bytes(12))
        + attribute(0xC0, 222, b"new")
    )
    found = impl.PathAttributes(block)
    assert found.origin == impl.Origin.IGP
    assert (str(found.as_path), found.as_path.hops) == ("", 0)
    assert str(found.next_hop) == "192.0.2.1"
    assert (found.med, found.local_pref) == (5, 100)
    assert found.atomic_aggregate is True
    assert (found.aggregator.asn, str(found.aggregator.address)) == (65000, "192.0.2.1")
    assert str(found.communities) == "65000:1"
    assert str(found.originator_id) == "192.0.2.1"
    assert str(found.cluster_list) == "192.0.2.2"
    assert str(found.extended_communities) == "rt:65000:1"
    assert str(found.large_communities) == "0:0:0"
    assert bytes(found[222]) == b"new"
    assert found.mp_reach is None
    assert found.mp_unreach is None
    assert 222 in found
    assert 221 not in found
    assert found.get(221) is None
    assert [found.raw(221), found.flags(221), found.value_offset(221)] == [None, None, None]
    with pytest.raises(KeyError):
        found[221]
    assert b"".join(map(bytes, found)) == block
    assert [one.offset for one in found][:3] == [0, 4, 7]


def test_absent_is_none(impl: Any) -> None:
    found = impl.PathAttributes(b"")
    for name in (
        "origin", "as_path", "next_hop", "med", "local_pref", "aggregator", "communities", "originator_id",
        "cluster_list", "mp_reach", "mp_unreach", "extended_communities", "large_communities", "only_to_customer",
        "structure_error",
    ):  # fmt: skip
        assert getattr(found, name) is None, name
    assert found.atomic_aggregate is False
    assert len(found) == 0
    assert found.json() == []


def test_extended_length_flag_with_a_short_value(impl: Any) -> None:
    """Pitfall 17: legal, common, and kept."""
    block = b"\x50\2\0\6\2\1\0\0\xfd\xe8"
    (found,) = impl.PathAttributes(block)
    assert bytes(found) == block
    assert found.json()["extended_length"] is True
    assert str(found.value) == "65000"


def test_the_first_of_two_counts(impl: Any) -> None:
    """RFC 7606 section 3 g; both stay."""
    found = impl.PathAttributes(attribute(0x80, 4, b"\0\0\0\1") + attribute(0x80, 4, b"\0\0\0\2"))
    assert found.med == 1
    assert [one.duplicate for one in found] == [False, True]
    assert found.walk()[1].json() == {
        "code": 4, "name": "multi_exit_disc", "flags": 128, "duplicate": True,
        "value": {"type": 4, "value": "00000002"},
    }  # fmt: skip


def test_a_malformed_attribute_is_none_and_raises_when_asked(impl: Any) -> None:
    found = impl.PathAttributes(attribute(0x80, 4, b"\0"))
    assert found.med is None
    assert 4 in found
    for _ in range(2):
        with pytest.raises(impl.UpdateMessageError) as caught:
            found[4]
        assert (caught.value.code, caught.value.subcode, caught.value.offset) == (3, 5, 3)


def test_strict(impl: Any) -> None:
    """What is tolerated is in ``errors``; ``strict`` raises it."""
    wrong = update(b"", attribute(0x40, 1, b"\7") + ATTRIBUTES[4:], NLRI)
    found = impl.Message.decode(wrong)
    (error,) = found.errors
    assert (error.code, error.subcode, error.offset, error.action) == (3, 6, 26, "treat_as_withdraw")
    assert found.action == "treat_as_withdraw"
    with pytest.raises(impl.UpdateMessageError) as caught:
        impl.Message.decode(wrong, strict=True)
    assert caught.value.args == error.args
    assert impl.Message.decode(UPDATE, strict=True) == impl.Message.decode(UPDATE)


def test_the_strongest_action(impl: Any) -> None:
    """RFC 7606 section 3 h."""
    block = attribute(0x40, 6, b"\0") + attribute(0x40, 1, b"\7") + ATTRIBUTES[4:]
    found = impl.Message.decode(update(b"", block, NLRI))
    assert [error.action for error in found.errors] == ["attribute_discard", "treat_as_withdraw"]
    assert found.action == "treat_as_withdraw"
    found = impl.Message.decode(update(b"", ATTRIBUTES + attribute(0x80, 15, b"\0"), NLRI))
    assert found.action == "session_reset"


@pytest.mark.parametrize(
    ("octets", "family"),
    [
        (update(), "ipv4-unicast"),
        (update(b"", attribute(0x80, 15, b"\0\2\1")), "ipv6-unicast"),
        (update(b"", attribute(0x90, 15, b"\0\1\x80")), "ipv4-mpls-vpn"),
        (update(b"", attribute(0x80, 15, b"\0\2\1\0")), None),
        (update(b"", attribute(0x80, 15, b"\0\2\1") + attribute(0x40, 1, b"\0")), None),
        (update(b"", attribute(0x80, 14, b"\0\2\1\0\0")), None),
        (update(b"\0"), None),
    ],
)
def test_end_of_rib(impl: Any, octets: bytes, family: str | None) -> None:
    """RFC 4724 section 2; pitfalls 36 and 37."""
    found = impl.Message.decode(octets)
    assert found.end_of_rib == (None if family is None else impl.Family.parse(family))
    assert found.json().get("end_of_rib") == family


def test_built_messages(impl: Any) -> None:
    assert bytes(impl.Keepalive.build()) == message(4, b"")
    assert bytes(impl.Notification.build(6, 4, b"\2ok")) == message(3, b"\6\4\2ok")
    assert bytes(impl.RouteRefresh.build((2, 1), 1)) == message(5, b"\0\2\1\1")
    built = impl.Open.build(4_200_000_000, "192.0.2.1", 180, [(65, b"\xfa\x56\xea\0"), (2, b"")])
    assert (built.version, built.asn, built.effective_asn, built.hold_time) == (4, 23456, 4_200_000_000, 180)
    assert str(built.bgp_id) == "192.0.2.1"
    assert impl.Message.decode(bytes(built)) == built
    assert [c.code for c in built.capabilities] == [65, 2]
    for one in (impl.Keepalive.build(), built):
        assert bytes(one)[:16] == MARKER


def test_notification(impl: Any) -> None:
    found = impl.Message.decode(message(3, b"\6\2\5later"))
    assert (found.code, found.subcode, found.communication) == (6, 2, "later")
    assert impl.Message.decode(message(3, b"\6\2\x09later")).communication is None
    assert impl.Message.decode(message(3, b"\6\2\2\xff\xfe")).communication == "��"
    assert impl.Message.decode(message(3, b"\6\2")).communication is None


def test_unknown_type_is_kept_whole(impl: Any) -> None:
    found = impl.Message.decode(message(200, b"\1\2\3"))
    assert found.name == "type_200"
    assert found.json() == {"type": "type_200", "length": 22, "type_code": 200, "value": "010203"}


def test_errors_tell_everything(impl: Any) -> None:
    import pickle

    with pytest.raises(impl.BgpwireError) as caught:
        impl.Message.decode(b"\0" * 19)
    error = caught.value
    assert isinstance(error, impl.DecodeError)
    assert isinstance(error, ValueError)
    assert error.args == ("marker is not all ones", 0, 1, 1, impl.Action.SESSION_RESET, b"")
    assert str(error) == "marker is not all ones at offset 0 (1/1, session_reset)"
    assert error.moved(5).offset == 5
    assert type(error.moved(5)) is type(error)
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), twin.args, twin.offset) == (type(error), error.args, error.offset)
