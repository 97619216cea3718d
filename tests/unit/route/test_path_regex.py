"""``--as-path``: matches what Python's ``re`` matches, in time linear in the path, and says what it does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.context import attribute, bgp4mp, update

if TYPE_CHECKING:
    from pathlib import Path

UNDERSCORE = r"(?:^|$|[ ,{}()\[\]])"
PATHS = (
    "",
    "64500",
    "64500 64501 64511",
    "64500 174 64511",
    "1740 64511",
    "64500 {174,64501}",
    "(64512 64513) 174 [1,2]",
)


def _regex(package: Any, text: str) -> Any:
    from bgpwire.route.path_regex import PathRegex

    return PathRegex(text)


@pytest.mark.parametrize(
    "text",
    [
        *("^64500 .* 64511$", "_174_", "^64500_", "_64511$", "^$", "", "^[0-9]+$", "174", "^(64500|1740)( [0-9]+)*$"),
        *(
            r"\b174\b",
            r"\B4\B",
            r"\{174,\d+\}",
            "^.{5}$",
            "^(?:64500 ?){1,3}",
            "64500 [^1]",
            r"[]\d]",
            "[^]0-9]",
            "a|",
            "|",
        ),
        *(
            r"6450[01]",
            "(^| )174( |$)",
            "6{2}",
            "6{,2}5",
            "6{1,}",
            "{",
            "{a}",
            "}",
            "]",
            "[a-]",
            "(_174|_1)_",
            "64500.*?174",
        ),
    ],
)
def test_what_operators_write(impl: Any, text: str) -> None:
    wanted = re.compile(text.replace("_", UNDERSCORE))
    ours = _regex(impl, text)
    for path in PATHS:
        assert ours.search(path) == bool(wanted.search(path)), path


ATOMS = st.sampled_from(
    [*"124 ,{}", ".", r"\d", r"\D", r"\w", r"\s", r"\S", r"\{", "[12]", "[^1 ]", "[1-3]", "[^0-9]", "_"]
)
ASKS = st.sampled_from(["^", "$", r"\b", r"\B", ""])


def _wrap(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = inner.map("(?:{})".format)
    return st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("({})".format),
        st.tuples(group, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}", "*?", "+?"])).map("".join),
    )


@given(
    st.recursive(st.one_of(ATOMS.filter("{".__ne__), ASKS), _wrap, max_leaves=8),
    st.lists(st.text("124 ,{}", max_size=8), min_size=1, max_size=5),
)
def test_as_re_does(text: str, paths: list[str]) -> None:
    wanted = re.compile(text.replace("_", UNDERSCORE))
    ours = _regex(None, text)
    for path in paths:
        if not path and "\\B" in text:
            continue  # re's mind about it changed in Python 3.14
        assert ours.search(path) == bool(wanted.search(path)), (text, path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *((r"(1)\1", "references"), ("(?=1)", "looking around"), ("(?<!1)", "looking around"), ("(?P<a>1)", "names")),
        *(
            ("(?i)1", "flags"),
            ("*1", "nothing to repeat"),
            ("^*", "nothing to repeat"),
            ("1**", "twice"),
            ("1*+", "twice"),
        ),
        *(
            ("(1", "without an end"),
            ("1)", "too many"),
            ("[1", "too early"),
            ("\\", "too early"),
            ("[3-1]", "no range"),
        ),
        *(
            ("1{5,2}", "from 5 to 2"),
            ("1{1001}", "more than 1000"),
            ("1{99999999999}", "more than 1000"),
            (r"\A", "not known"),
        ),
        *(
            ("((1{99}){99}){99}", "too large"),
            ("((){1000}){1000}", "too large"),
            ("(" * 60 + ")" * 60, "inside each other"),
        ),
    ],
)
def test_what_is_refused(impl: Any, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _regex(impl, text)


CATASTROPHES = (
    r"^(\d+ ?)+x$",
    "^(6|6)*x",
    "^((6*)*)*x",
    "(.*)*(.*)*(.*)*x",
    "^(64500 |64500 )*$x",
    ".*.*.*.*.*.*.*.*.*x",
)


def test_work_is_linear_in_the_path(impl: Any) -> None:
    """Each new set of states is made once a character at most, out of no more steps than there are."""
    for text in CATASTROPHES:
        counts = []
        for length in (100, 1000):
            ours = _regex(impl, text)
            calls = 0
            step = ours._next

            def counted(*arguments: Any, step: Any = step) -> Any:
                nonlocal calls
                calls += 1
                return step(*arguments)

            ours._next = counted
            assert not ours.search("64500 " * length)
            counts.append(calls)
        assert counts[1] <= 12 * counts[0], text


def test_dump(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A path of 2,000 AS numbers and expressions that take ``re`` longer than the universe has."""
    segment = b"\2\xfa" + (64500).to_bytes(4) * 250
    attributes = attribute(0x40, 1, b"\0") + attribute(0x40, 2, segment * 8) + attribute(0x40, 3, b"\xc0\0\2\1")
    path = tmp_path / "long"
    path.write_bytes(bgp4mp(update(b"", attributes, b"\x08\x0a")))
    for text in CATASTROPHES:
        assert impl.cli.main(["dump", "--as-path", text, str(path)]) == 0
        assert capsys.readouterr().out == ""
    assert impl.cli.main(["dump", "--as-path", "_64500$", "--community", "*:" + "*9" * 50, str(path)]) == 0
    assert impl.cli.main(["dump", "--as-path", "^(_64500_?)+$", str(path)]) == 0
    assert '"prefix":"10.0.0.0/8"' in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        impl.cli.main(["dump", "--as-path", r"(1)\1", str(path)])
    assert left.value.code == 2
    assert "no references to groups" in capsys.readouterr().err
