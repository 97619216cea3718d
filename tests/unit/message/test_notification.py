"""NOTIFICATION: whatever the Data field holds, it is shown, and nothing but DecodeError leaves the decoder."""

from __future__ import annotations

import json
import random
from typing import Any


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
