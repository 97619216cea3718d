"""Where to listen, as people write it."""

from __future__ import annotations

import gzip
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.packets import pcap, segment
from support.places import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def places(impl: Any) -> Any:
    return import_module("bgpwire.listen.places")


WORDS: dict[str, tuple[str, str, int, str, str, dict[str, str]]] = {
    "bmp://": ("bmp", "127.0.0.1", 11019, "", "", {}),
    "bmp://192.0.2.1": ("bmp", "192.0.2.1", 11019, "", "", {}),
    "bmp://:5000": ("bmp", "127.0.0.1", 5000, "", "", {}),
    "bmp://[2001:db8::1]:5000": ("bmp", "2001:db8::1", 5000, "", "", {}),
    "bgp://192.0.2.1": ("bgp", "192.0.2.1", 179, "", "", {}),
    "bgp://192.0.2.1:0": ("bgp", "192.0.2.1", 0, "", "", {}),
    "ris-live": ("ris-live", "", 0, "", "", {}),
    "ris-live?host=rrc00&prefix=::/0": ("ris-live", "", 0, "", "", {"host": "rrc00", "prefix": "::/0"}),
    "kafka://192.0.2.1/a.b,c?group=g": ("kafka", "192.0.2.1", 9092, "a.b,c", "", {"group": "g"}),
    "mrt:-": ("file", "", 0, "-", "mrt", {}),
    "bmp:/no/file": ("file", "", 0, "/no/file", "bmp", {}),
    "capture:a:b": ("file", "", 0, "a:b", "capture", {}),
    "-": ("file", "", 0, "-", "mrt", {}),
}


@pytest.mark.parametrize("word", WORDS)
def test_words(places: Any, word: str) -> None:
    assert tuple(places.place_of(word)) == WORDS[word]


@pytest.mark.parametrize("word", ["bmp://x:y", "bmp://x:70000", "bmp://x/y", "kafka://x", "ris-live?host"])
def test_no_place(places: Any, word: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        places.place_of(word)


def test_files_are_looked_into(places: Any, tmp_path: Path) -> None:
    octets = {
        "mrt": (SAMPLES / "demo.mrt").read_bytes(),
        "bmp": made.bmp(4, made.tlv(2, b"r1")),
        "capture": pcap([segment(b"x")]),
    }
    for form, data in octets.items():
        for name, packed in (("plain", data), ("packed.gz", gzip.compress(data))):
            path = tmp_path / f"{form}-{name}"
            path.write_bytes(packed)
            assert places.place_of(str(path)).form == form
    (tmp_path / "empty").write_bytes(b"")
    assert places.place_of(str(tmp_path / "empty")).form == "mrt"
    with pytest.raises(FileNotFoundError):
        places.place_of(str(tmp_path / "none"))


def test_filters_of_ris_live(places: Any) -> None:
    given = {"host": "rrc00", "more-specific": "", "less_specific": "true", "prefix": "::/0"}
    assert places.criteria(given) == {"host": "rrc00", "more_specific": False, "less_specific": True, "prefix": "::/0"}
