"""``bgpwire decode``: messages in hex to JSON, errors to JSON."""

from __future__ import annotations

import io
import json
import sys
from importlib import import_module
from typing import Any

import pytest

MARKER = "ff" * 16
KEEPALIVE = MARKER + "001304"
END_OF_RIB = MARKER + "00170200000000"
# 10.0.0.0/8 withdrawn; with a path identifier of 7 in the second.
WITHDRAWN = MARKER + "0019020002080a0000"
WITHDRAWN_PATH = MARKER + "001d02000600000007080a0000"
# ORIGIN, AS_PATH 64500 in 2 octets and in 4, NEXT_HOP, 10.0.0.0/8.
TWO = MARKER + "002b02" + "0000" + "0012" + "40010100" + "4002040201fbf4" + "400304c0000201" + "080a"
FOUR = MARKER + "002d02" + "0000" + "0014" + "40010100" + "40020602010000fbf4" + "400304c0000201" + "080a"


@pytest.fixture
def decode(impl: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
        status = import_module("bgpwire.cli").main(["decode", *arguments])
        captured = capsys.readouterr()
        assert captured.err == ""
        return status, [json.loads(line) for line in captured.out.splitlines()]

    return call


def test_a_message(decode: Any) -> None:
    assert decode(KEEPALIVE) == (0, [{"type": "keepalive", "length": 19}])


@pytest.mark.parametrize(
    "text",
    [
        KEEPALIVE.upper(),
        "0x" + KEEPALIVE,
        ":".join(KEEPALIVE[at : at + 2] for at in range(0, 38, 2)),
        " ".join(KEEPALIVE[at : at + 4] for at in range(0, 38, 4)),
        f"  {KEEPALIVE}\n",
    ],
)
def test_hex_as_people_paste_it(decode: Any, text: str) -> None:
    assert decode(text)[1] == [{"type": "keepalive", "length": 19}]


def test_several_messages_in_one_piece(decode: Any) -> None:
    status, found = decode(KEEPALIVE + END_OF_RIB, WITHDRAWN)
    assert status == 0
    assert [message["type"] for message in found] == ["keepalive", "update", "update"]
    assert found[1]["end_of_rib"] == "ipv4-unicast"
    assert found[2]["withdrawn"] == ["10.0.0.0/8"]


def test_as_numbers_of_two_and_four_octets(decode: Any) -> None:
    for arguments in (["--no-asn4", TWO], ["--asn4", FOUR], [FOUR]):
        status, found = decode(*arguments)
        assert status == 0
        assert found[0]["nlri"] == ["10.0.0.0/8"]
        assert found[0]["attributes"][1]["value"] == [{"type": "as_sequence", "asns": [64500]}]
        assert "errors" not in found[0]
    assert decode(TWO)[1][0]["errors"][0]["action"] == "treat_as_withdraw"


def test_add_path(decode: Any) -> None:
    assert decode("--add-path", "ipv4-unicast", WITHDRAWN_PATH)[1][0]["withdrawn"] == [
        {"prefix": "10.0.0.0/8", "path_id": 7}
    ]


def test_errors_are_json(decode: Any) -> None:
    status, found = decode("00" * 16 + "001304", KEEPALIVE)
    assert status == 1
    assert found[0]["code"] == 1
    assert found[0]["subcode"] == 1
    assert found[0]["offset"] == 0
    assert found[0]["action"] == "session_reset"
    assert found[0]["reason"] == "marker is not all ones"
    assert found[1] == {"type": "keepalive", "length": 19}


def test_an_offset_counts_from_the_first_octet_of_the_hex(decode: Any) -> None:
    bad = MARKER + "00170200ff0000"
    status, found = decode(KEEPALIVE + bad + KEEPALIVE)
    assert status == 1
    assert [message.get("type", "error") for message in found] == ["keepalive", "error", "keepalive"]
    assert 19 <= found[1]["offset"] < 19 + 23


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("fff", "an odd number of hex digits", 1),
        ("ffzz", "'z' is no hex digit", 1),
        (KEEPALIVE[:-2], "message of at least 19 octets, 18 there", 18),
        (WITHDRAWN[:-2], "message of 25 octets, 24 there", 24),
    ],
)
def test_hex_that_is_no_message(decode: Any, text: str, reason: str, offset: int) -> None:
    status, found = decode(text)
    assert status == 1
    assert len(found) == 1
    assert (found[0]["reason"], found[0]["offset"]) == (reason, offset)
    # What is no hex is no fault of a peer.
    invalid = "hex digit" in reason
    assert (found[0]["error"] == "InvalidInput") == invalid
    assert ("action" in found[0], "code" in found[0]) == (not invalid, not invalid)


def test_lines_of_standard_input(decode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"# captured\n{KEEPALIVE}\n\nxx\n{END_OF_RIB}  # the end\n"))
    status, found = decode()
    assert status == 1
    assert [message.get("type", "error") for message in found] == ["keepalive", "error", "update"]


def test_pretty(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_module("bgpwire.cli").main(["decode", "--pretty", KEEPALIVE]) == 0
    assert capsys.readouterr().out == '{\n  "type": "keepalive",\n  "length": 19\n}\n'


def test_a_long_message_needs_the_capability(decode: Any) -> None:
    body = "0000" + "0000" + "080a" * 2500
    text = MARKER + f"{19 + len(body) // 2:04x}02" + body
    assert decode(text)[1][0]["subcode"] == 2
    status, found = decode("--extended-message", text)
    assert status == 0
    assert len(found[0]["nlri"]) == 2500
