"""``bgpwire decode`` for people: each octet by name, in as many columns as there are."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import pytest
from support.context import session
from support.terminal import Terminal
from support.vectors import VECTORS
from support.wrapped import WHOLE, wrapped

LONG = "ff" * 16 + "002b02" + "0000" + "0014" + "40010100" + "40020602010000fbf4" + "c0630412345678"


def lines(package: Any, data: bytes, width: int, context: Any = None) -> list[str]:
    span = import_module("bgpwire.dissect").dissect(data, context or package.Session())
    return [*import_module("bgpwire.text.dissection").dissection_lines(span, data, width)]


def test_columns(impl: Any) -> None:
    assert lines(impl, bytes.fromhex(LONG), 80) == [
        "update, 43 octets",
        "   0  ffffffffffffffff…  marker                   16 times ff",
        "  16  002b               length                   43",
        "  18  02                 type                     update",
        "  19  0000               withdrawn_routes_length  0",
        "  21  0014               attributes_length        20",
        "  23                     attributes",
        "  23                       origin",
        "  23  40                     flags   transitive",
        "  24  01                     type    1",
        "  25  01                     length  1",
        "  26  00                     value   igp",
        "  27                       as_path",
        "  27  40                     flags   transitive",
        "  28  02                     type    2",
        "  29  06                     length  6",
        "  30                         value",
        "  30                           0",
        "  30  02                         type   as_sequence",
        "  31  01                         count  1",
        "  32                             asns",
        "  32  0000fbf4                     0  64500",
        "  36                       deprecated_99",
        "  36  c0                     flags    optional, transitive",
        "  37  63                     type     99",
        "  38  04                     length   4",
        "  39  12345678               unknown",
    ]


def test_narrow(impl: Any) -> None:
    """Few octets in a line, less indentation, and values that go on below their beginning."""
    found = lines(impl, bytes.fromhex(LONG), 50)
    assert found[1:4] == [
        "   0  ffffffff…  marker",
        "                   16 times ff",
        "  16  002b       length                   43",
    ]
    assert max(map(len, found)) <= 50


@pytest.mark.parametrize("width", [50, 80, 130])
def test_every_vector_fits(impl: Any, width: int) -> None:
    """All lines but those of a long name without a value; nothing in them moves the cursor."""
    begin = {50: 17, 80: 25, 130: 41}[width]
    for vector in [v for v in VECTORS if v.kind in WHOLE]:
        data = wrapped(impl, vector)
        for line in lines(impl, data, width, session(impl, vector)):
            assert line.isprintable(), vector
            assert len(line) <= width or " " not in line[begin:].strip(), vector


@pytest.mark.parametrize("arguments", [[], ["--format", "text"], ["--color", "always"]])
def test_on_a_terminal(impl: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert import_module("bgpwire.cli").main(["decode", *arguments, LONG]) == 0
    text = terminal.getvalue()
    if not arguments:
        assert text.splitlines()[:-1] == lines(impl, bytes.fromhex(LONG), 80)
    assert ("\x1b[" in text) is ("always" in arguments)


@pytest.mark.parametrize("arguments", [["--pretty"], ["--spans"], ["--format", "json"]])
def test_json_on_a_terminal(impl: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert import_module("bgpwire.cli").main(["decode", *arguments, LONG]) == 0
    assert terminal.getvalue().startswith("{")


def test_what_is_wrong(impl: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read says why in its place; the errors of the message stand below it."""
    monkeypatch.setenv("COLUMNS", "80")
    broken = "ff" * 16 + "002302" + "0000" + "000c" + "40010103" + "c010050002fbf400"
    assert import_module("bgpwire.cli").main(["decode", "--format", "text", broken, "00" * 16 + "001304", "x"]) == 1
    out = capsys.readouterr().out
    assert "\n  26  03                       malformed  ! ORIGIN 3\n" in out
    assert "\n  32  fbf400                   malformed  ! 8 octets needed, 5 left\n" in out
    assert "\nerror: ORIGIN 3 at offset 26 (3/6, session_reset)\n" in out
    assert "\n\nkeepalive, 19 octets\n" in out
    assert "error: invalid input: 'x' is no hex digit at offset 0\n" in out
