"""NOTIFICATION: whatever the Data field holds, it is shown, and nothing but DecodeError leaves the decoder."""

from __future__ import annotations

import json
import random
from importlib import import_module
from typing import Any

import pytest
from support.each import of_vectors
from support.vectors import VECTORS, Vector


def _message(kind: int, body: bytes) -> bytes:
    return b"\xff" * 16 + (19 + len(body)).to_bytes(2) + bytes((kind,)) + body


def test_any_data_of_any_code(impl: Any) -> None:
    random.seed(4271)
    for code in (*range(10), 255):
        for subcode in (*range(13), 255):
            for size in (0, 1, 2, 3, 7, 25, 300):
                body = bytes((code, subcode)) + random.randbytes(size)
                found = impl.Message.decode(_message(3, body))
                form = json.loads(json.dumps(found.json()))
                assert (form["code"], form["subcode"]) == (code, subcode)
                assert form.get("data", "") == body[2:].hex()
                assert bytes(found)[19:] == body


def test_hard_resets_inside_each_other_end(impl: Any) -> None:
    """Pitfall 80; a message full of them neither recurses without end nor grows without bound."""
    found = impl.Message.decode(_message(3, b"\6\x09" * 2000))
    assert len(json.dumps(found.json())) < 40_000
    assert found.inner.code == 6
    inner = impl.Message.decode(_message(3, b"\6\x09\6\2\2hi")).inner
    assert (inner.code, inner.subcode, inner.communication) == (6, 2, "hi")
    assert impl.Message.decode(_message(3, b"\6\x09\6")).inner is None


def test_communication_of_255_octets(impl: Any) -> None:
    """Pitfall 79: RFC 9003 doubled the 128 of RFC 8203."""
    for size in (0, 1, 128, 129, 200, 255):
        found = impl.Message.decode(_message(3, b"\6\2" + bytes((size,)) + b"x" * size))
        assert found.communication == "x" * size
    assert impl.Message.decode(_message(3, b"\6\2\4abc")).communication is None
    assert impl.Message.decode(_message(3, b"\6\3\3abc")).communication is None


def test_names_are_not_shifted(impl: Any) -> None:
    """Pitfall 81: OPEN and UPDATE sub-codes each by their own table."""
    names = [impl.Message.decode(_message(3, bytes((code, 7)))).json()["subcode_name"] for code in (2, 3, 6)]
    assert names == ["unsupported_capability", "as_routing_loop", "connection_collision_resolution"]


DETAILS = [v for v in VECTORS if v.kind == "notification" and v.error is None]


@of_vectors(DETAILS)
def test_details_lead_back_to_the_data(impl: Any, vector: Vector) -> None:
    """Of what it says, of its JSON."""
    found = impl.Message.decode(_message(3, vector.data))
    form = found.json()
    assert type(found).from_json(form) == found
    if found.details is None:
        return
    again = type(found).from_json({name: member for name, member in form.items() if name != "data"})
    assert again == found
    assert type(found).of_values(found.code, found.subcode, **found.details) == found


def test_a_communication_that_is_no_utf8(impl: Any) -> None:
    """Its octets are written as they came, in a hard reset too; U+FFFD is never written in their place."""
    build = impl.message.Notification.of_values
    said = {"communication": "\ufffdA", "valid_utf8": False}
    came = said | {"octets": "ff41"}
    assert impl.Message.decode(_message(3, bytes.fromhex("0602 02ff41"))).details == came
    assert bytes(build(6, 2, **came))[19:].hex() == "060202ff41"
    assert bytes(build(6, 9, code=6, subcode=4, details=came))[19:].hex() == "0609060402ff41"
    assert bytes(build(6, 2, communication="\ufffdA"))[19:].hex() == "060204efbfbd41"  # U+FFFD that somebody sent
    with pytest.raises(ValueError, match="no valid UTF-8 is written of its octets"):
        build(6, 2, **said)
    with pytest.raises(ValueError, match="octets fe42 are not what '\ufffdA' shows"):
        build(6, 2, **said, octets="fe42")
    with pytest.raises(ValueError, match="no valid UTF-8"):
        impl.message.Notification.from_json({"code": 6, "subcode": 2, "details": said})
    with pytest.raises(ValueError, match="octets are hex"):
        build(6, 2, **said, octets=b"\xff\x41")


def test_details_that_are_none(impl: Any) -> None:
    build = impl.message.Notification.of_values
    assert bytes(build(6, 2, communication="hi"))[19:] == b"\6\2\2hi"
    assert bytes(build(2, 2, asn=4200000000))[19:].hex() == "0202fa56ea00"
    capability = {"code": 65, "name": "4_octet_as", "asn": 65000}
    assert bytes(build(2, 7, capabilities=[capability]))[19:].hex() == "020741040000fde8"  # RFC 5492 section 5
    assert bytes(build(6, 9, code=6, subcode=4, details={"communication": "x"}))[19:] == b"\6\x09\6\4\1x"
    for code, subcode, wrong in (
        (6, 2, {"communication": "x" * 256}),
        (6, 2, {"communication": 1}),
        (6, 2, {}),
        (6, 1, {"afi": "ipv4", "safi": "unicast"}),
        (1, 1, {"message_length": 1}),
        (3, 4, {"flags": 1}),
        (3, 5, {"code": 1, "flags": 0x40, "value": "0"}),
        (3, 5, {"code": 1, "flags": 0x40, "value": "00" * 256}),
        (7, 1, {"message": {"type": "keepalive"}}),
        (6, 9, {"code": 1, "subcode": 1, "details": {"asn": 1}}),
        (2, 7, {"capabilities": [{"code": 200}]}),
    ):
        with pytest.raises(ValueError, match=r"."):
            build(code, subcode, **wrong)
    for form in (None, {}, {"code": 1, "data": "x"}, {"code": 300}, {"code": 6, "subcode": 2, "details": 1}):
        with pytest.raises(ValueError, match=r"."):
            impl.message.Notification.from_json(form)


def test_a_dissection_names_the_parts_of_the_data(impl: Any) -> None:
    dissect = import_module("bgpwire.dissect").dissect

    def leaves(body: str) -> list[tuple[str, int, Any]]:
        data = _message(3, bytes.fromhex(body))
        return [(leaf.name, leaf.offset, leaf.value) for leaf in dissect(data).leaves()][3:]

    head = [("code", 19, 6), ("subcode", 20, 1)]
    assert leaves("0601 0001 01 00000064") == [*head, ("afi", 21, "ipv4"), ("safi", 23, "unicast"), ("limit", 24, 100)]
    assert leaves("0601 0001 01 000064") == [*head, ("data", 21, "000101000064")]
    assert leaves("0609 0602 026869")[2:] == [
        *(("code", 21, 6), ("subcode", 22, 2), ("length", 23, 2), ("communication", 24, "hi")),
    ]
    refresh = "ff" * 16 + "0017050001 01 01"
    assert [name for name, *_ in leaves("0701" + refresh)[2:]] == [
        *("marker", "length", "type", "afi", "subtype", "safi"),
    ]


def test_of_an_error(impl: Any) -> None:
    """RFC 4271 section 6: code, subcode and data of what is wrong."""
    wire = _message(2, bytes.fromhex("0000 0007 40010100 40 01 00"))
    error = impl.Message.decode(wire).errors[0]
    assert bytes(error.notification()) == _message(3, bytes((error.code, error.subcode)) + error.data)
    with pytest.raises(impl.MessageHeaderError) as caught:
        impl.Message.decode(b"\xff" * 16 + b"\0\x13\x09" + bytes(3))
    error, found = caught.value, caught.value.notification()
    assert (found.code, found.subcode, found.reason_data) == (error.code, error.subcode, error.data)
    long = impl.UpdateMessageError("long", 0, None, 1, data=bytes(5000)).notification()
    assert (len(long), long.code, long.subcode) == (4096, 3, 1)
    with pytest.raises(ValueError, match="no NOTIFICATION is specified"):
        impl.MrtError("torn").notification()
