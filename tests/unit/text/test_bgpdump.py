"""``--format bgpdump`` against bgpdump: its reference output, the program itself where it is installed, its quirks."""

from __future__ import annotations

import gzip
import shutil
import struct
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.context import told
from support.made_mrt import HOP, HOP6, IGP, PATH, PATH2, SIX, TEN, attribute, bgp4mp, prefix, reach, update
from support.places import SAMPLES

ORACLES = ("ris-updates.20070211.0141", "ris-updates.20160811.1600", "ris-bview.20020722.2337")
# Where the program and this format differ on purpose, and why.
DIFFER = {
    "bird_bgp.mrt": "1.6.2 keeps stray host bits of an UPDATE's prefixes; its successor's reference output does not",
    "bird6_bgp.mrt": "ADD-PATH in records that deny it: it reads prefixes of over 128 bits into whatever follows",
}


def lines(impl: Any, source: Any) -> str:
    line = import_module("bgpwire.text.bgpdump").formatter()
    with impl.mrt.open(source, on_skip=told) as file:
        return "".join(line(route) for route in file.routes())


QUIRKS: dict[str, tuple[bytes, str]] = {
    "plain": (
        bgp4mp(update(IGP + PATH + HOP, TEN)),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "withdrawn, old and MP, before announced": (
        bgp4mp(update(IGP + PATH + HOP + attribute(15, b"\0\2\1" + SIX, 0x80), TEN, prefix("10.1.0.0/16"))),
        "BGP4MP|1000000000|W|192.0.2.1|65551|10.1.0.0/16\n"
        "BGP4MP|1000000000|W|192.0.2.1|65551|2001:db8::/32\n"
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "absent attributes": (
        bgp4mp(update(attribute(7, b""), TEN)),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8||INCOMPLETE|255.255.255.255|0|0||NAG|0 0.0.0.0|\n",
    ),
    "all of them": (
        bgp4mp(
            update(
                attribute(1, b"\1")
                + PATH
                + HOP
                + attribute(4, b"\xff\xff\xff\xff")
                + attribute(5, b"\0\0\0\x64")
                + attribute(6, b"")
                + attribute(7, struct.pack(">I4B", 65551, 198, 51, 100, 1))
                + attribute(8, bytes.fromhex("ffffff01ffffff02ffffff03ffffff04fde80064ffff029a"))
                + attribute(32, bytes(12)),
                TEN,
            )
        ),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|65551 64496|EGP|192.0.2.1|100|4294967295|"
        "no-export no-advertise local-AS 65535:65284 65000:100 65535:666|AG|65551 198.51.100.1|\n",
    ),
    "IPv4 in MP_REACH_NLRI has signed numbers": (
        bgp4mp(update(IGP + PATH + attribute(4, b"\xff\xff\xff\xff") + reach(1, bytes((192, 0, 2, 9)), TEN))),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.9|0|-1||NAG||\n",
    ),
    "IPv4 in both fields": (
        bgp4mp(update(IGP + PATH + HOP + reach(1, HOP6, prefix("10.9.0.0/16")), TEN)),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.1|0|0||NAG||\n"
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.9.0.0/16|65551 64496|IGP|2001:db8::1|0|0||NAG||\n",
    ),
    "next hop with link-local": (
        bgp4mp(update(IGP + PATH + reach(2, HOP6 + HOP6, SIX)), six=True),
        "BGP4MP|1000000000|A|2001:db8::1|65551|2001:db8::/32|65551 64496|IGP|2001:db8::1|0|0||NAG||\n",
    ),
    "no next hop, and fields are gone": (
        bgp4mp(update(IGP + PATH + reach(2, b"", SIX))),
        "BGP4MP|1000000000|A|192.0.2.1|65551|2001:db8::/32||NAG||\n",
    ),
    "other families are not printed": (bgp4mp(update(IGP + PATH + reach(25, HOP6, b"\1\0", 70))), ""),
    "multicast": (
        bgp4mp(update(IGP + PATH + reach(2, HOP6, SIX, 2))),
        "BGP4MP|1000000000|A|192.0.2.1|65551|2001:db8::/32|65551 64496|IGP|2001:db8::1|0|0||NAG||\n",
    ),
    "one group of zeros": (
        bgp4mp(update(IGP + PATH + reach(2, HOP6, bytes.fromhex("8020010db8000000010001000100010001")))),
        "BGP4MP|1000000000|A|192.0.2.1|65551|2001:db8::1:1:1:1:1/128|65551 64496|IGP|2001:db8::1|0|0||NAG||\n",
    ),
    "IPv4 in IPv6": (
        bgp4mp(update(attribute(15, b"\0\2\1\x80" + bytes(12) + b"\xc0\0\2\1\x80" + bytes(15) + b"\1", 0x80))),
        "BGP4MP|1000000000|W|192.0.2.1|65551|::192.0.2.1/128\nBGP4MP|1000000000|W|192.0.2.1|65551|::1/128\n",
    ),
    "AS_SET and confederations": (
        bgp4mp(
            update(
                IGP + attribute(2, struct.pack(">BBIBBIIBBIIBBI", 3, 1, 1, 2, 2, 2, 3, 1, 2, 4, 5, 4, 1, 6)) + HOP,
                TEN,
            )
        ),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|(1) 2 3 {4,5} [6]|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "broken AS_PATH": (
        bgp4mp(update(IGP + attribute(2, b"\2\7\0") + HOP, TEN)),
        "BGP4MP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|! Error !|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "AS4_PATH": (
        bgp4mp(update(IGP + PATH2 + HOP + attribute(17, struct.pack(">BBI", 2, 1, 65551)), TEN), 1),
        "BGP4MP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|64500 65551|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "AS4_PATH voided by AGGREGATOR": (
        bgp4mp(
            update(
                IGP
                + PATH2
                + HOP
                + attribute(17, struct.pack(">BBI", 2, 1, 65551))
                + attribute(7, struct.pack(">H4B", 64500, 192, 0, 2, 1))
                + attribute(18, struct.pack(">I4B", 65551, 192, 0, 2, 7)),
                TEN,
            ),
            1,
        ),
        "BGP4MP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|64500 64496|IGP|192.0.2.1|0|0||NAG|64500 192.0.2.1|\n",
    ),
    "AS4_AGGREGATOR": (
        bgp4mp(
            update(
                IGP
                + PATH2
                + HOP
                + attribute(7, struct.pack(">H4B", 23456, 192, 0, 2, 1))
                + attribute(18, struct.pack(">I4B", 65551, 192, 0, 2, 7)),
                TEN,
            ),
            1,
        ),
        "BGP4MP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|64500 64496|IGP|192.0.2.1|0|0||NAG|65551 192.0.2.7|\n",
    ),
    "AS4_PATH behind two segments repeats the first": (
        bgp4mp(
            update(
                IGP
                + attribute(2, struct.pack(">BBHBBHHH", 2, 1, 1, 2, 3, 2, 3, 4))
                + HOP
                + attribute(17, struct.pack(">BBII", 2, 2, 65551, 65552)),
                TEN,
            ),
            1,
        ),
        "BGP4MP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|1 1 65551 65552|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "microseconds": (
        bgp4mp(update(withdrawn=TEN), kind=17),
        "BGP4MP_ET|1000000000.000042|W|192.0.2.1|65551|10.0.0.0/8\n",
    ),
    "early collectors' type": (bgp4mp(update(withdrawn=TEN), kind=64), ""),
    "local": (
        bgp4mp(update(withdrawn=TEN), 7),
        "BGP4MP_LOCAL|1000000000|W|192.0.2.1|65551|10.0.0.0/8\n",
    ),
    "local, IPv6 over IPv4": (
        bgp4mp(update(attribute(15, b"\0\2\1" + SIX, 0x80)), 7),
        "BGP4MP_LOCAL|1000000000|W|c000:201::|65551|2001:db8::/32\n",
    ),
    "ADD-PATH": (
        bgp4mp(update(IGP + PATH + HOP, b"\0\0\0\7" + TEN, b"\0\0\0\x08" + TEN), 9),
        "BGP4MP_AP|1000000000|W|192.0.2.1|65551|10.0.0.0/8|8\n"
        "BGP4MP_AP|1000000000|A|192.0.2.1|65551|10.0.0.0/8|7|65551 64496|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "local, ADD-PATH names the collector": (
        bgp4mp(update(withdrawn=b"\0\0\0\x08" + TEN), 11),
        "BGP4MP_AP|1000000000|W|192.0.2.2|64501|10.0.0.0/8|8\n",
    ),
    "marker": (bgp4mp(bytes(16) + update(withdrawn=TEN)[16:]), ""),
    "state": (bgp4mp(struct.pack(">HH", 6, 1), 5), "BGP4MP|1000000000|STATE|192.0.2.1|65551|6|1\n"),
    "state with microseconds": (
        bgp4mp(struct.pack(">HH", 3, 2), 0, 17, six=True),
        "BGP4MP_ET|1000000000.000042|STATE|2001:db8::1|64500|3|2\n",
    ),
}


@pytest.mark.parametrize("name", QUIRKS)
def test_quirk(impl: Any, name: str) -> None:
    record, expected = QUIRKS[name]
    assert lines(impl, record) == expected


def test_stray_host_bits_of_an_update_are_cleared(impl: Any) -> None:
    record = bgp4mp(update(withdrawn=prefix("10.0.0.0/7", 1)))
    assert lines(impl, record) == "BGP4MP|1000000000|W|192.0.2.1|65551|10.0.0.0/7\n"


def test_stray_host_bits_of_a_rib_are_kept(impl: Any) -> None:
    head = struct.pack(">HH4BBBI4BH", 0, 1, 10, 1, 2, 3, 8, 1, 5, 192, 0, 2, 1, 64500)
    attributes = IGP + PATH2 + HOP
    data = head + struct.pack(">H", len(attributes)) + attributes
    record = struct.pack(">IHHI", 7, 12, 1, len(data)) + data
    assert lines(impl, record) == "TABLE_DUMP|7|B|192.0.2.1|64500|10.1.2.3/8|64500 64496|IGP|192.0.2.1|0|0||NAG||\n"


def test_a_long_path_is_broken_off(impl: Any) -> None:
    text = import_module("bgpwire.text.bgpdump_path").as_path_text
    segment = b"\2\xff" + b"\xff\xff\xff\xfe" * 255
    result = text(segment * 4, True)
    assert result.endswith(" 4294967294...")
    assert 7900 < len(result) - 3 <= 7911


def test_communities_end_where_its_buffer_does(impl: Any) -> None:
    attributes = IGP + PATH + HOP + attribute(8, bytes.fromhex("ffffffff") * 900)
    line = lines(impl, bgp4mp(update(attributes, TEN)))
    assert len(line.split("|")[11]) == 8190


@pytest.mark.parametrize("name", ORACLES)
def test_reference_output(impl: Any, data_dir: Path, name: str) -> None:
    expected = gzip.decompress((data_dir / f"{name}.bgpdump.gz").read_bytes()).decode()
    assert lines(impl, data_dir / f"{name}.gz") == expected


def program(path: Path) -> str:
    """What bgpdump itself prints."""
    done = subprocess.run(["bgpdump", "-m", path], capture_output=True, text=True, check=False)
    if done.returncode < 0:
        # A peer index out of range, a duplicate attribute: it asserts that there are none.
        pytest.skip(f"bgpdump aborts over {path.name}")
    return done.stdout


needs_bgpdump = pytest.mark.skipif(shutil.which("bgpdump") is None, reason="no bgpdump: apt install bgpdump")


@needs_bgpdump
@pytest.mark.parametrize("name", QUIRKS)
def test_quirk_against_the_program(name: str, tmp_path: Path) -> None:
    record, expected = QUIRKS[name]
    path = tmp_path / "quirk.mrt"
    path.write_bytes(record)
    assert program(path) == expected


@needs_bgpdump
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.name)
def test_samples_against_the_program(impl: Any, path: Path) -> None:
    assert lines(impl, path) == program(path)


@needs_bgpdump
def test_daemons_against_the_program(impl: Any, data_dir: Path) -> None:
    different = {p.name for p in (data_dir / "daemons").glob("*.mrt") if lines(impl, p) != program(p)}
    assert different == set(DIFFER)
