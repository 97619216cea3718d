"""Capabilities, OPEN and what two of them negotiate."""

from __future__ import annotations

import json
import random
from importlib import import_module
from typing import Any

import pytest
from support.fresh import fresh


def _open(impl: Any, capabilities: str = "", asn: int = 65000) -> Any:
    octets = bytes.fromhex(capabilities)
    parameters = bytes((2, len(octets))) + octets if octets else b""
    body = b"\4" + asn.to_bytes(2) + b"\0\xb4\xc0\0\2\1" + bytes((len(parameters),)) + parameters
    return impl.Message.decode(b"\xff" * 16 + (19 + len(body)).to_bytes(2) + b"\1" + body)


def test_any_value_of_any_code(impl: Any) -> None:
    random.seed(5492)
    for code in range(256):
        for size in (0, 1, 2, 3, 4, 5, 7, 9, 20):
            data = random.randbytes(size)
            found = impl.capability.decode_capability(code, data, 0)
            assert bytes(found) == bytes((code, size)) + data
            assert json.loads(json.dumps(found.json()))["code"] == code


@pytest.mark.parametrize(
    ("ours", "theirs", "receive", "send"),
    [
        (1, 2, True, False),
        (2, 1, False, True),
        (3, 3, True, True),
        (1, 1, False, False),
        (3, 2, True, False),
        (0, 3, 0, 0),
    ],
)
def test_add_path_has_directions(impl: Any, ours: int, theirs: int, receive: bool, send: bool) -> None:
    """Pitfall 2, RFC 7911 section 4: what one says it sends the other must say it receives."""
    session = impl.Session.from_opens(_open(impl, f"4504000101{ours:02x}"), _open(impl, f"4504000101{theirs:02x}"))
    assert ((1, 1) in session.add_path) is bool(receive)
    assert ((1, 1) in session.add_path_send) is bool(send)
    assert session.reversed().add_path == session.add_path_send
    assert session.add_path_from == "negotiated"


def test_what_two_opens_agree_on(impl: Any) -> None:
    one = _open(impl, "4104fa56ea00 010400010001 010400020001 0600 050600010001 0002", 23456)
    other = _open(impl, "41040000fde9 010400020001 0600 050600010001 0002", 65001)
    session = impl.Session.from_opens(one, other)
    assert session.asn4
    assert session.families == {(2, 1)}
    assert session.extended_message
    assert session.max_message == 65535
    assert session.extended_next_hop == {(1, 1, 2)}
    assert (session.local_asn, session.peer_asn, session.ibgp) == (4200000000, 65001, False)
    plain = impl.Session.from_opens(_open(impl), _open(impl, "41040000fde8 0600"))
    assert (plain.asn4, plain.extended_message, plain.families, plain.ibgp) == (False, False, {(1, 1)}, True)


def test_the_last_graceful_restart_counts(impl: Any) -> None:
    """RFC 4724 section 3; pitfalls 77 and 78."""
    found = _open(impl, "40028078 4002c00a")
    assert [(c.restarting, c.notification, c.time) for c in found.capabilities] == [
        (True, False, 120),
        (True, True, 10),
    ]
    assert found.graceful_restart.time == 10
    assert found.repeated[0]["used"] == "last"
    assert _open(impl).graceful_restart is None


def test_type_octet_tells_extended_parameters(impl: Any) -> None:
    """Pitfall 75: 255 octets of plain parameters are not RFC 9072's."""
    plain = b"\4\xfd\xe8\0\xb4\xc0\0\2\1\xff" + b"\2\xfd\xfa\xfb" + bytes(251)
    found = impl.Message.decode(b"\xff" * 16 + (19 + len(plain)).to_bytes(2) + b"\1" + plain)
    assert not found.extended_parameters
    assert [c.code for c in found.capabilities] == [250]


def test_every_cut_of_an_open(impl: Any) -> None:
    body = bytes(_open(impl, "010400010001 4104fa56ea00 400640780001 0180 450400010103"))[19:]
    for size in range(len(body)):
        data = b"\xff" * 16 + (19 + size).to_bytes(2) + b"\1" + body[:size]
        with pytest.raises(impl.DecodeError):
            impl.Message.decode(data)


def test_a_capability_message_leads_back(impl: Any) -> None:
    """draft-ietf-idr-dynamic-cap section 4: from its revisions and from its JSON; its parts in a dissection."""
    from support.context import message

    kind = impl.message.CapabilityMessage
    body = "00 00000001 01 0004 00010001" + "c3 00000002 c8 0002 abcd" + "40 00000003 01 0003 000100"
    found = impl.Message.decode(message(6, bytes.fromhex(body)))
    assert found.errors == []
    assert kind.build(found.revisions) == found
    form = found.json()
    assert kind.from_json(form) == found
    assert [revision.get("reserved") for revision in form["revisions"]] == [None, 1, None]
    assert bytes(found.revisions[1]).hex() == "c300000002c80002abcd"
    span = import_module("bgpwire.dissect").dissect(found)
    assert [leaf.name for leaf in span.leaves()][3:] == [
        *("flags", "sequence", "code", "length", "afi", "reserved", "safi"),
        *("flags", "sequence", "code", "length", "unknown"),
        *("flags", "sequence", "code", "length", "afi", "reserved"),  # the SAFI is not there
    ]
    (revision,) = [item for item in form["revisions"] if item["sequence"] == 1]
    for wrong in (
        {"action": "drop"},
        {"sequence": 1 << 32},
        {"sequence": None},
        {"reserved": 32},
        {"acknowledgement": "yes"},
        {"capability": {"code": 1}},
        {"capability": {"code": 200, "value": 1}},
        {"capability": None},
    ):
        with pytest.raises(ValueError, match=r"."):
            kind.from_json({"revisions": [revision | wrong]})
    for other in (None, {}, {"revisions": 1}, {"revisions": [1]}, {"revisions": [{}]}):
        with pytest.raises(ValueError, match=r"."):
            kind.from_json(other)


def test_of_values(impl: Any) -> None:
    """RFC 9234 section 4.1: code 9, one octet. What is made of values has octets: by ``of_values()``, or by name
    (test_made.py)."""
    role = type(impl.capability.decode_capability(9, b"\0", 0))
    found = role.of_values(9, role="customer")
    assert (bytes(found), found["role"]) == (bytes.fromhex("090103"), "customer")
    assert bytes(found.replace(role="peer")) == bytes.fromhex("090104")
    with pytest.raises(KeyError):
        found["rule"]
    with pytest.raises(ValueError, match="king"):
        role.of_values(9, role="king")
    with pytest.raises(TypeError):
        role({"role": "customer"})


_OWN = """
from bgpwire import DecodeError, field
from bgpwire.capability import Capability, decode_capability
from bgpwire.capability.base import FieldCapability
from bgpwire.registry import CAPABILITIES, capability

assert 240 not in CAPABILITIES
assert decode_capability(240, b"x", 0).error is None


class Own(Capability):
    __slots__ = ("octets",)

    @classmethod
    def decode(cls, reader, code):
        self = cls()
        object.__setattr__(self, "octets", (code, reader.rest()))
        return self


class Declared(FieldCapability):
    field = field.record(one=field.u8)


class Lowered(Declared):
    @classmethod
    def decode(cls, reader, code):
        reader.skip(1)
        return super().decode(reader, code)


class Under(Lowered):
    field = field.record(two=field.u16)


for code, cls in enumerate((Own, Declared, Lowered, Under), 240):
    capability(code)(cls)
own = decode_capability(240, b"xy", 0, 2)
print(own.octets, bytes(own).hex(), own.code, own.data, own.length_size)
for code, octets in ((241, "07"), (242, "0007"), (243, "000007"), (243, "0007"), (242, "000000")):
    found = decode_capability(code, bytes.fromhex(octets), 5)
    print(type(found).__name__, found.fields(), bytes(found).hex())
"""


def test_classes_of_ones_own(impl: Any) -> None:
    """One that has ``decode`` alone, one that is declared, and those between: ``decode`` counts where there is one."""
    short = {"error": "TruncatedError", "reason": "2 octets needed, 1 left", "offset": 6}
    much = {"error": "DecodeError", "reason": "capability_242: 1 octets too many", "offset": 7}
    rest = {"code": 0, "subcode": 0, "action": "session_reset"}
    assert fresh(impl, _OWN).splitlines() == [
        "(240, b'xy') f000027879 240 b'xy' 2",
        "Declared {'one': 7} f10107",
        "Lowered {'one': 7} f2020007",
        "Under {'two': 7} f303000007",
        f"UnknownCapability {{'value': '0007', 'error': {short | rest}}} f3020007",
        f"UnknownCapability {{'value': '000000', 'error': {much | rest | {'code': 2}}}} f203000000",
    ]
