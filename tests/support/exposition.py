"""A strict reader of Prometheus' text format 0.0.4, for what we write of it."""

from __future__ import annotations

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_HELP = re.compile(rf"# HELP ({NAME}) ((?:[^\\\n]|\\\\|\\n)*)")
_TYPE = re.compile(rf"# TYPE ({NAME}) (counter|gauge)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|\Z)')
_SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (-?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|NaN|[+-]Inf)")
_ESCAPED = {"\\\\": "\\", "\\n": "\n", '\\"': '"'}

type Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: bytes) -> Samples:
    """Values by name and labels. AssertionError for anything that a scraper may refuse."""
    lines = text.decode("utf-8").split("\n")
    assert lines.pop() == "", "the last line ends"
    out: Samples = {}
    seen: set[str] = set()
    current, typed = "", ""
    for line in lines:
        if found := _HELP.fullmatch(line):
            current = found[1]
            assert current not in seen, f"{current} comes twice"
            seen.add(current)
        elif found := _TYPE.fullmatch(line):
            assert found[1] == current, "the type is that of the help"
            typed = current
            assert (found[2] == "counter") == current.endswith("_total"), current
        else:
            found = _SAMPLE.fullmatch(line)
            assert found, line
            assert found[1] == current == typed, line
            labels = _labels(found[2] or "")
            key = current, frozenset(labels)
            assert key not in out, f"{line} comes twice"
            out[key] = float(found[3].replace("Inf", "inf"))
    return out


def _labels(text: str) -> list[tuple[str, str]]:
    out = []
    at = 0
    while at < len(text):
        found = _LABEL.match(text, at)
        assert found, text
        out.append((found[1], re.sub(r"\\[\\n\"]", lambda escape: _ESCAPED[escape[0]], found[2])))
        at = found.end()
    assert len(dict(out)) == len(out), f"a label twice: {text}"
    return out
