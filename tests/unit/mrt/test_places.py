"""Places of archives: files, folders, patterns, in which order, and what is none."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import archive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b/updates.2",
        "b/updates.1",
        "a/rib.1",
        "c.mrt",
        "b/.hidden",
        ".git/x",
        "b/deep/er/updates.3",
        "a[1].mrt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive())
    (tmp_path / "empty").mkdir()
    return tmp_path


PLACES: dict[str, list[str]] = {
    "c.mrt": ["c.mrt"],
    "b": ["b/updates.1", "b/updates.2", "b/deep/er/updates.3"],
    "": ["a[1].mrt", "c.mrt", "a/rib.1", "b/updates.1", "b/updates.2", "b/deep/er/updates.3"],
    "b/*": ["b/updates.1", "b/updates.2"],
    "b/updates.?": ["b/updates.1", "b/updates.2"],
    "*/updates.[2]": ["b/updates.2"],
    "**/updates.*": ["b/deep/er/updates.3", "b/updates.1", "b/updates.2"],
    "a[1].mrt": ["a[1].mrt"],
    "none.*": ["none.*"],
    "none": ["none"],
    "empty": ["empty"],
    "b/*p*": ["b/updates.1", "b/updates.2"],
}


@pytest.mark.parametrize("place", PLACES)
def test_place(impl: Any, folder: Path, place: str) -> None:
    names = impl.open(folder / place).names
    assert [os.path.relpath(name, folder) for name in names] == PLACES[place]


def test_several_places(impl: Any, folder: Path) -> None:
    """In the order given, and as often."""
    names = impl.open([str(folder / "c.mrt"), folder / "b/updates.*", folder / "c.mrt", "-"]).names
    assert [os.path.basename(name) for name in names] == ["c.mrt", "updates.1", "updates.2", "c.mrt", "-"]


def test_no_place(impl: Any) -> None:
    assert list(impl.open([])) == []
    with pytest.raises(TypeError):
        impl.open([7])


def test_what_is_a_url(impl: Any) -> None:
    """A drive of Windows is none; a scheme that nobody has is one, and cannot be opened."""
    assert impl.open("C:/x/y.mrt").names == ["C:/x/y.mrt"]
    pytest.importorskip("fsspec")
    with pytest.raises(OSError, match=r"nobody-has-this.*Protocol not known"):
        impl.mrt.open("nobody-has-this://x/y.mrt")


def test_sizes(impl: Any, folder: Path) -> None:
    size_of = import_module("bgpwire.mrt.places").size_of
    path = next(path for path in folder.rglob("*") if path.is_file())
    assert size_of(str(path)) == path.stat().st_size
    assert [size_of(name) for name in ("-", "http://127.0.0.1:9/x", f"{folder}/missing", str(folder))] == [None] * 4


def test_patterns_of_urls(impl: Any, folder: Path) -> None:
    pytest.importorskip("fsspec")
    names = impl.open(f"file://{folder}/b/updates.*").names
    assert [name.removeprefix(f"file://{folder}/") for name in names] == ["b/updates.1", "b/updates.2"]
    assert sum(1 for _ in impl.open(names)) == 2 * sum(1 for _ in impl.mrt.open(archive()))
    assert impl.open(f"file://{folder}/b/none*").names == [f"file://{folder}/b/none*"]
