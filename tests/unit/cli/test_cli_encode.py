"""``bgpwire encode``: the octets of what ``bgpwire decode`` prints, and of messages written by hand."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pytest
from support.context import message
from support.vectors import VECTORS

TYPES = {"open": 1, "update": 2, "notification": 3, "route_refresh": 5}


@pytest.fixture
def run(impl: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on lines of standard input; what it printed, what it said, and its status."""

    def call(text: str, *words: str) -> tuple[str, str, int]:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        status = import_module("bgpwire.cli").main([*words])
        captured = capsys.readouterr()
        return captured.out, captured.err, status

    return call


def _wire(context: dict[str, Any]) -> str:
    """All vectors of messages whose session is no other, one a line."""
    found = [v for v in VECTORS if v.kind in TYPES and v.error is None and v.context == context and len(v.data) < 4000]
    return "".join(message(TYPES[v.kind], v.data).hex() + "\n" for v in found)


@pytest.mark.parametrize(("context", "words"), [({}, ()), ({"asn4": False}, ("--no-asn4",))])
def test_there_and_back(run: Any, context: dict[str, Any], words: tuple[str, ...]) -> None:
    wire = _wire(context)
    assert wire.count("\n") > 1
    shown, _, _ = run(wire, "decode", *words)
    assert run(shown, "encode", *words) == (wire, "", 0)


def test_arguments(run: Any) -> None:
    path = '{"type": "update", "nlri": [{"prefix": "10.0.0.0/8", "path_id": 7}]}'
    wire = message(2, bytes.fromhex("0000 0000 00000007 080a")).hex()
    assert run("", "encode", '{"type": "keepalive"}', path) == (f"{message(4, b'').hex()}\n{wire}\n", "", 0)


def test_what_is_no_message(run: Any) -> None:
    """Each is named, and the others are there."""
    lines = [
        '{"type": "keepalive"}',
        "",
        '{"type": "update", "attributes": [{"code": 8, "value": ["x:y"]}]}',
        '{"error": "TruncatedError"}',
        "[1",
        '{"type": "type_200", "value": "' + "00" * 4078 + '"}',
        '{"type": "update", "nlri": [{"prefix": "10.0.0.0/8", "path_id": 7}]}',
        "[" * 100_000,
    ]
    out, err, status = run("\n".join(lines), "encode", "--no-asn4")
    assert (out, status) == (f"{message(4, b'').hex()}\n", 1)
    said = [line.removeprefix("bgpwire: ") for line in err.splitlines()]
    assert said[0].startswith("line 3: attributes[0].value[0]: ")
    assert said[1] == "line 4: an error, and no message"
    assert said[2].startswith("line 5: ")
    assert said[3] == "line 6: a message of 4097 octets, 4096 at most"
    assert said[4].startswith("line 7: nlri: ")
    assert said[5].startswith("line 8: ")
    assert len(said) == 6
