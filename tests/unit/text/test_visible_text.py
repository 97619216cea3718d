"""Names off the wire move no cursor and turn no line: text for people has no controls that are not our own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, message, update

if TYPE_CHECKING:
    from pathlib import Path

NASTY = (
    "a\x1b[31mred\x1b]0;title\x07\x9b2J\x85\x7f\r\nnext|line\x00\x08"
    + "\u202eltr\u2066\u2069\u200e\u200f\u061c\u2028\u2029 é中"
)
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
COLOUR = re.compile("\x1b\\[[0-9]+m")
"""What our own painter writes."""


def _tlv(kind: int, value: bytes) -> bytes:
    return kind.to_bytes(2) + len(value).to_bytes(2) + value


def _node_name() -> bytes:
    """An UPDATE of a BGP-LS node whose name (TLV 1026, RFC 9552 section 5.3.1.3) is nasty."""
    node = b"\1" + bytes(8) + _tlv(256, _tlv(512, b"\0\0\xfb\xf4"))
    reach = (16388).to_bytes(2) + bytes((71, 4, 192, 0, 2, 1, 0)) + _tlv(1, node)
    return update(b"", ATTRIBUTES + attribute(0x80, 14, reach) + attribute(0x80, 29, _tlv(1026, NASTY.encode())))


def _policy_name() -> bytes:
    """An UPDATE with an SR policy whose name (sub-TLV 130, RFC 9830 section 2.4.8) is nasty."""
    name = b"\0" + NASTY.encode()
    tunnel = b"\x82" + len(name).to_bytes(2) + name
    encapsulation = attribute(0xC0, 23, _tlv(15, tunnel))
    nlri = bytes((96,)) + b"\0\0\0\1\0\0\0\x64\xc0\0\2\1"
    return update(b"", ATTRIBUTES + attribute(0x80, 14, b"\0\1\x49\4\xc0\0\2\1\0" + nlri) + encapsulation)


def _shutdown() -> bytes:
    """A NOTIFICATION 6/2 with a shutdown communication (RFC 9003 section 2)."""
    text = NASTY.encode()
    return message(3, bytes((6, 2, len(text))) + text)


def _open() -> bytes:
    """An OPEN with a host name (capability 73) and a software version (75)."""
    text = NASTY.encode()
    host = bytes((len(text),)) + text + b"\1d"
    version = bytes((len(text),)) + text
    capabilities = bytes((73, len(host))) + host + bytes((75, len(version))) + version
    body = b"\4\xfb\xf4\0\x5a\xc0\0\2\1" + bytes((len(capabilities) + 2, 2, len(capabilities))) + capabilities
    return message(1, body)


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for member in members for text in _strings(member)]


@pytest.mark.parametrize("make", [_node_name, _policy_name], ids=["node", "policy"])
@pytest.mark.parametrize("form", ["text", "psv", "bgpdump", "json"])
@pytest.mark.parametrize("colour", ["always", "never"])
def test_dump(impl: Any, capsys: Any, tmp_path: Path, make: Any, form: str, colour: str) -> None:
    path = tmp_path / "nasty"
    path.write_bytes(bgp4mp(make()))
    assert impl.cli.main(["dump", "--format", form, "--color", colour, str(path)]) == 0
    found = capsys.readouterr()
    assert found.err == ""
    lines = found.out.split("\n")
    assert lines.pop() == ""
    assert len(lines) == (2 if form == "psv" else 0 if form == "bgpdump" else 1)
    for line in lines:
        assert not CONTROLS.search(COLOUR.sub("", line) if form == "text" else line), line
        assert colour == "always" or "\x1b" not in line
    if form == "text":
        assert "a\\x1b[31mred" in lines[0]
        assert "\\x9b2J\\x85\\x7f\\x0d\\x0anext" in lines[0]
        assert "\\u202eltr\\u2066\\u2069" in lines[0]
        assert " é中" in lines[0]
    if form == "json":
        assert NASTY in _strings(json.loads(lines[0]))
        assert " é中" in lines[0]


@pytest.mark.parametrize("make", [_node_name, _policy_name, _shutdown, _open])
@pytest.mark.parametrize("options", [[], ["--pretty"], ["--spans"]])
def test_decode(impl: Any, capsys: Any, make: Any, options: list[str]) -> None:
    assert impl.cli.main(["decode", *options, make().hex()]) == 0
    found = capsys.readouterr()
    assert found.err == ""
    assert not CONTROLS.search(found.out.replace("\n", ""))
    assert NASTY in _strings(json.loads(found.out))


def test_messages(impl: Any, capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "nasty"
    path.write_bytes(bgp4mp(_shutdown()) + bgp4mp(_open()))
    assert impl.cli.main(["dump", "--messages", str(path)]) == 0
    out = capsys.readouterr().out
    assert not CONTROLS.search(out.replace("\n", ""))
    assert all(NASTY in _strings(json.loads(line)) for line in out.splitlines())


def test_warnings(impl: Any, capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "no\x1b[31mfile\nbgpwire: all is well\u202e"
    for command in ("dump", "stats"):
        assert impl.cli.main([command, str(path)]) == 2
        err = capsys.readouterr().err
        assert not CONTROLS.search(err.removesuffix("\n")), err
        assert "no\\x1b[31mfile\\x0a" in err


def test_text_without_controls_stays(impl: Any) -> None:
    from bgpwire.value.visible import visible, visible_json

    for text in ("", "plain", "é中文 \u00ad", "back\\slash", "\U0001f600"):
        assert visible(text) == text
        assert visible_json(json.dumps(text, ensure_ascii=False)) == json.dumps(text, ensure_ascii=False)
    for code in range(0x3000):
        text = visible(chr(code))
        assert not CONTROLS.search(text)
        assert json.loads(visible_json(json.dumps(chr(code), ensure_ascii=False))) == chr(code)


def test_the_first_gaps_are_kept_and_all_are_counted(impl: Any) -> None:
    """A stream of junk between messages: the list stays short, the counts are whole."""
    keepalive = b"\xff" * 16 + b"\0\x13\4"
    framer = impl.stream.Framer(resynchronise=True)
    messages = 0
    for _ in range(50):
        messages += sum(1 for _ in framer.feed((b"\0" * 7 + keepalive) * 20))
    framer.finish()
    assert messages == framer.gap_count == 1000
    assert framer.gap_octets == 7000
    assert len(framer.gaps) == 101
    assert [gap.offset for gap in framer.gaps[:3]] == [0, 26, 52]
    assert framer.gaps[-1][:2] == (999 * 26, 7)
