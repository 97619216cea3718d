"""Archives of 1999 to 2001, and records whose peers have no address: nothing of them is lost, in any format."""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.made_mrt import HOP, IGP, PATH, PATH2, SIX, TEN, attribute, bgp4mp, prefix, update

if TYPE_CHECKING:
    from pathlib import Path

needs_bgpdump = pytest.mark.skipif(shutil.which("bgpdump") is None, reason="no bgpdump: apt install bgpdump")
# Routes of each type and messages, as bgpdump counts them; it breaks off at the tear of the second.
LEGACY = {
    "rrc00-updates.20000102.2014.gz": ({"A": 5668, "W": 675, "S": 16}, 3941),
    "rrc00-updates.20000325.0345.torn.gz": ({"A": 4660, "W": 718, "S": 307}, 2273),
    "rrc01-updates.20001104.0124.gz": ({"A": 378, "W": 141, "S": 364}, 922),
}
HEAD = struct.pack(">H4BH4B", 64500, 192, 0, 2, 1, 64501, 192, 0, 2, 2)
"""Of a record of MRT type 5 (RFC 6396 appendix B.2.1): AS 64500 at 192.0.2.1 tells 64501 at 192.0.2.2."""


def record(kind: int, subtype: int, data: bytes, short: int = 0, time: int = 1_000_000_000) -> bytes:
    """An MRT record that declares ``short`` octets less than it has."""
    return struct.pack(">IHHI", time, kind, subtype, len(data) - short) + data


def old(subtype: int, data: bytes, kind: int = 5) -> bytes:
    return record(kind, subtype, HEAD + data)


def entry(network: bytes, peer: int, attributes: bytes = IGP + PATH2 + HOP) -> bytes:
    """An entry of a TABLE_DUMP record (RFC 6396 section 4.2): a /24 that 192.0.2.``peer`` told."""
    head = network + bytes((0, 24, 1)) + struct.pack(">I4BHH", 999_999_999, 192, 0, 2, peer, 64500, len(attributes))
    return head + attributes


ENTRIES = [entry(bytes((198, 51, 100 + n)), 1 + n) for n in range(6)]


def short_table(first: int = 0) -> bytes:
    """A table as RIS rrc00 wrote it in January 2000, constructed: bview.20000111.0032 has 2,490 such records.

    Many entries behind one view and sequence number; each record 4 octets longer than it declares; the number that
    goes up stands in the first of the two fields.
    """
    pieces = ENTRIES[:3], ENTRIES[3:4], ENTRIES[4:]
    return b"".join(
        record(12, 1, struct.pack(">HH", first + n, 0) + b"".join(piece), 4, 1_000_000_000 + n // 2)
        for n, piece in enumerate(pieces)
    )


@pytest.fixture
def run(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run ``bgpwire`` on octets or a file and give what it printed; it must succeed and report nothing."""

    def call(source: bytes | Path, *arguments: str) -> str:
        path = tmp_path / "made.mrt"
        if isinstance(source, bytes):
            path.write_bytes(source)
        else:
            path = source
        assert import_module("bgpwire.cli").main([*arguments, str(path)]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return call


def program(path: Path) -> list[str]:
    """What bgpdump itself prints."""
    done = subprocess.run(["bgpdump", "-m", path], capture_output=True, text=True, check=False)
    assert done.returncode >= 0
    return done.stdout.splitlines()


@pytest.mark.real_data
@pytest.mark.parametrize("name", LEGACY)
def test_counts(impl: Any, data_dir: Path, name: str) -> None:
    path = data_dir / "legacy" / name
    if not path.exists():
        pytest.skip(f"no {path}")
    kinds, messages = LEGACY[name]
    with impl.mrt.open(path, on_skip=told) as file:
        found = Counter(route.type for route in file.routes())
        assert {kind: found[kind] for kind in kinds} == kinds
        # A header whose last two octets are missing, and what is left of a record without its own.
        assert [skip.length for skip in file.skips] == ([10, 14] if "torn" in name else [])
    with impl.mrt.open(path, on_skip=told) as file:
        assert sum(1 for _ in file.messages()) == messages


@needs_bgpdump
@pytest.mark.real_data
def test_legacy_lines_are_bgpdumps_but_for_the_withdrawn_prefix(run: Any, data_dir: Path) -> None:
    path = data_dir / "legacy" / "rrc00-updates.20000102.2014.gz"
    if not path.exists():
        pytest.skip(f"no {path}")
    mine, its = run(path, "dump", "--format", "bgpdump").splitlines(), program(path)
    assert len(mine) == len(its) == 6343 + 16
    for own, other in zip(mine, its, strict=True):
        fields = own.split("|")
        if fields[2] == "W":
            # The one point on which this format is not bgpdump's: it prints the peer's address.
            fields[5] = f"{fields[3]}/{fields[5].partition('/')[2]}"
        assert "|".join(fields) == other


def test_every_format_has_them(run: Any) -> None:
    octets = old(1, update(IGP + PATH2 + HOP, TEN, prefix("10.1.0.0/16"))[19:]) + record(
        5, 3, struct.pack(">H4BHH", 64500, 192, 0, 2, 1, 3, 2)
    )
    told = {"timestamp": 1000000000, "peer_address": "192.0.2.1", "peer_asn": 64500}
    path = {"next_hop": "192.0.2.1", "as_path": "64500 64496", "origin_asns": [64496], "origin": "igp"}
    assert [json.loads(line) for line in run(octets, "dump", "--format", "json").splitlines()] == [
        {"type": "W", **told, "prefix": "10.1.0.0/16"},
        {"type": "A", **told, "prefix": "10.0.0.0/8", **path},
        {"type": "S", **told, "old_state": "active", "new_state": "connect"},
    ]
    assert run(octets, "dump", "--format", "bgpdump") == (
        "BGP|1000000000|W|192.0.2.1|64500|10.1.0.0/16\n"
        "BGP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|64500 64496|IGP|192.0.2.1|0|0|NAG||\n"
        "BGP|1000000000|STATE|192.0.2.1|64500|3|2\n"
    )
    assert [line.split("|")[:5] for line in run(octets, "dump", "--format", "psv").splitlines()[1:]] == [
        ["W", "1000000000", "192.0.2.1", "64500", "10.1.0.0/16"],
        ["A", "1000000000", "192.0.2.1", "64500", "10.0.0.0/8"],
    ]
    assert run(octets, "dump", "--format", "text").count("AS64500 192.0.2.1") == 3
    (message,) = run(octets, "dump", "--messages").splitlines()
    assert json.loads(message)["nlri"] == ["10.0.0.0/8"]
    assert json.loads(run(octets, "stats", "--format", "json"))["peers"] == [
        {"asn": 64500, "address": "192.0.2.1", "routes": 3}
    ]


def test_a_route_knows_its_update(impl: Any) -> None:
    """The message has a header that the record left out; offsets in errors count in the message."""
    octets = update(attribute(1, b"\7", 0x40) + PATH2 + HOP, TEN)
    for source in (old(1, octets[19:]), bgp4mp(octets, 1)):
        (route,) = impl.mrt.open(source).routes()
        assert bytes(route.update) == octets
        assert [(e.reason, e.offset) for e in route.errors] == [("ORIGIN 7", 27)]
        (found,) = impl.mrt.open(source).messages()
        assert bytes(found) == octets
    assert [m.message.name for m in impl.mrt.open(old(7, b"") + old(6, b"\6\2")).messages()] == [
        "keepalive",
        "notification",
    ]


@pytest.mark.parametrize("size", range(12 + 4))
def test_legacy_records_cut_short(impl: Any, size: int) -> None:
    whole = HEAD + update(b"", TEN)[19:]
    record_ = impl.Record(0, 5, 1, whole[:size])
    with pytest.raises(impl.DecodeError) as caught:
        impl.mrt.kernels.RouteDecoder().routes(record_)
    with pytest.raises(impl.DecodeError) as other:
        impl.mrt.decode_record(record_)
    assert 0 <= caught.value.offset <= size
    assert size >= 12 or (caught.value.reason, caught.value.offset) == (other.value.reason, other.value.offset)


LEGACY_QUIRKS = {
    "communities stand right behind MED": (
        old(1, update(IGP + PATH2 + HOP + attribute(8, b"\xfb\xf4\0\1") + attribute(6, b""), TEN)[19:]),
        "BGP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|64500 64496|IGP|192.0.2.1|0|064500:1|AG||\n",
    ),
    "aggregator": (
        old(1, update(IGP + PATH2 + HOP + attribute(7, struct.pack(">H4B", 64500, 192, 0, 2, 9)), TEN)[19:]),
        "BGP|1000000000|A|192.0.2.1|64500|10.0.0.0/8|64500 64496|IGP|192.0.2.1|0|0|NAG|64500 192.0.2.9|\n",
    ),
    "MP attributes are not printed": (
        old(1, update(IGP + PATH2 + HOP + attribute(15, b"\0\1\1" + TEN) + attribute(15, b"\0\2\1" + SIX))[19:]),
        "",
    ),
    "BGP4PLUS is not printed": (
        record(9, 3, struct.pack(">H", 64500) + bytes(16) + struct.pack(">HH", 3, 2)),
        "",
    ),
    "TABLE_DUMP with AS numbers of 4 octets": (
        record(
            12,
            3,
            struct.pack(">HH4BBBI4BIH", 0, 1, 10, 1, 2, 3, 8, 1, 5, 192, 0, 2, 1, 65551, len(IGP + PATH + HOP))
            + (IGP + PATH + HOP),
        ),
        "TABLE_DUMP|1000000000|B|192.0.2.1|65551|10.1.2.3/8|65551 64496|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "the same of IPv6 has IPv4 addresses": (
        record(
            12,
            4,
            struct.pack(">HH", 0, 1)
            + bytes.fromhex("20010db8").ljust(16, b"\0")
            + struct.pack(">BBI", 32, 1, 5)
            + bytes.fromhex("20010db9").ljust(16, b"\0")
            + struct.pack(">IH", 65551, len(IGP + PATH))
            + (IGP + PATH),
        ),
        "TABLE_DUMP|1000000000|B|32.1.13.185|65551|32.1.13.184/32|65551 64496|IGP|255.255.255.255|0|0||NAG||\n",
    ),
    "no address in a message": (
        record(16, 1, struct.pack(">HH", 64500, 64501) + update(IGP + PATH2 + HOP, TEN)),
        "BGP4MP|1000000000|A|0.0.0.0|64500|10.0.0.0/8|64500 64496|IGP|192.0.2.1|0|0||NAG||\n",
    ),
    "no address, local": (
        record(16, 6, struct.pack(">HH", 64500, 64501) + update(withdrawn=TEN)),
        "BGP4MP_LOCAL|1000000000|W|0.0.0.0|64500|10.0.0.0/8\n",
    ),
    "no address in a state change": (
        record(16, 0, struct.pack(">HHHH", 64500, 64501, 6, 1)),
        "BGP4MP|1000000000|STATE|0.0.0.0|64500|6|1\n",
    ),
    "no address in a state change with AS numbers of 4 octets": (
        record(16, 5, struct.pack(">IIHH", 65551, 64501, 6, 1)),
        "",
    ),
    "another family": (
        record(16, 4, struct.pack(">IIHH", 65551, 64501, 3, 25) + bytes(12) + update(IGP + PATH + HOP, TEN)),
        "",
    ),
    "another family in a state change": (record(16, 5, struct.pack(">IIHHHH", 65551, 64501, 3, 0, 6, 1)), ""),
    "BGP4MP_ENTRY": (
        record(
            16,
            2,
            struct.pack(">HHHH", 64500, 64501, 0, 1)
            + bytes((192, 0, 2, 1, 192, 0, 2, 2))
            + struct.pack(">HHIHBB", 0, 1, 5, 1, 1, 4)
            + bytes((192, 0, 2, 9))
            + TEN
            + struct.pack(">H", len(IGP + PATH2))
            + (IGP + PATH2),
        ),
        "",
    ),
}


@pytest.mark.parametrize("name", LEGACY_QUIRKS)
def test_bgpdump_lines(run: Any, name: str, tmp_path: Path) -> None:
    octets, expected = LEGACY_QUIRKS[name]
    assert run(octets, "dump", "--format", "bgpdump") == expected
    assert run(octets, "dump", "--format", "json").count("\n") >= 1
    if shutil.which("bgpdump") is not None:
        assert "".join(f"{line}\n" for line in program(tmp_path / "made.mrt")) == expected


def test_the_next_hop_of_an_entry(run: Any) -> None:
    octets, _ = LEGACY_QUIRKS["BGP4MP_ENTRY"]
    (line,) = run(octets, "dump", "--format", "json").splitlines()
    assert json.loads(line) == {
        "type": "R",
        "timestamp": 1000000000,
        "peer_address": "192.0.2.1",
        "peer_asn": 64500,
        "prefix": "10.0.0.0/8",
        "originated": 5,
        "next_hop": "192.0.2.9",
        "as_path": "64500 64496",
        "origin_asns": [64496],
        "origin": "igp",
    }
    assert "|192.0.2.9|" in run(octets, "dump", "--format", "psv")


def test_peers_without_an_address(impl: Any, run: Any) -> None:
    octets = b"".join(LEGACY_QUIRKS[name][0] for name in LEGACY_QUIRKS if name.startswith(("no ", "another")))
    routes = list(impl.mrt.open(octets).routes())
    assert [(r.type, r.peer_address, r.peer_asn) for r in routes] == [
        ("A", None, 64500), ("W", None, 64500), ("S", None, 64500), ("S", None, 65551), ("A", None, 65551),
        ("S", None, 65551),
    ]  # fmt: skip
    assert [r.peer.interface for r in routes] == [None, None, None, None, 3, 3]
    assert {str(r.peer) for r in routes} == {"AS64500", "AS65551"}
    assert len({id(r.peer) for r in routes[:2]}) == 1
    assert "peer_address" not in run(octets, "dump", "--format", "json")
    assert "None" not in run(octets, "dump", "--format", "text") + run(octets, "dump", "--format", "psv")
    assert "peer_address" not in run(octets, "dump", "--messages")
    peers = json.loads(run(octets, "stats", "--format", "json"))["peers"]
    assert peers == [{"asn": 64500, "routes": 3}, {"asn": 65551, "routes": 3}]
    assert "None" not in run(octets, "stats")
    assert run(octets, "dump", "--peer-ip", "192.0.2.1") == ""
    assert run(octets, "dump", "--format", "json", "--peer-asn", "65551").count("\n") == 3


@pytest.mark.parametrize("subtype", [1, 4])
def test_no_message_behind_an_unknown_family(impl: Any, subtype: int) -> None:
    size = 4 if subtype == 4 else 2
    data = (64500).to_bytes(size) + (64501).to_bytes(size) + b"\0\3\0\x19" + bytes(30)
    file = impl.mrt.open(record(16, subtype, data), on_skip=told)
    assert list(file.routes()) == []
    assert [skip.reason for skip in file.skips] == ["BGP4MP address family 25, and no message behind it"]


def test_tables_of_many_entries_and_wrong_length(impl: Any) -> None:
    octets = short_table()
    file = impl.mrt.open(octets, on_skip=told)
    routes = list(file.routes())
    assert file.skips == []
    assert [(str(r.prefix), str(r.peer_address)) for r in routes] == [
        (f"198.51.{100 + n}.0/24", f"192.0.2.{1 + n}") for n in range(6)
    ]
    assert [str(r.next_hop) for r in routes] == ["192.0.2.1"] * 6
    bodies = [impl.mrt.decode_record(r) for r in impl.mrt.open(octets).records()]
    assert [body.name for body in bodies] == ["table_dump_batch", "table_dump", "table_dump_batch"]
    # What bytes() gives is a record whose length is right.
    repaired = b"".join(bytes(r) for r in impl.mrt.open(octets).records())
    assert [str(r.prefix) for r in impl.mrt.open(repaired).routes()] == [str(r.prefix) for r in routes]


def test_wrong_lengths_from_a_pipe_that_gives_little(impl: Any) -> None:
    class Drip(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(7, size or 7))

    file = impl.mrt.open(Drip(short_table()))
    assert len(list(file.routes())) == 6
    assert file.skips == []


def test_octets_behind_a_table_are_not_taken_for_its_own(impl: Any) -> None:
    """Records of the right length with something between them, or a file cut inside a header."""
    good = [record(12, 1, struct.pack(">HH", 0, n) + one) for n, one in enumerate(ENTRIES)]
    for rest in (good[2][:4], good[2][:11]):
        file = impl.mrt.open(good[0] + good[1] + rest, on_skip=told)
        assert len(list(file.routes())) == 2
        assert [skip.reason for skip in file.skips] == ["truncated record header"]
    file = impl.mrt.open(good[0] + b"\1\2\3\4" + good[3], on_skip=told)
    assert len(list(file.routes())) == 2
    assert file.skipped == 1


def test_an_entry_that_cannot_be_read_keeps_those_before_it(impl: Any) -> None:
    inside = struct.pack(">HH", 0, 0) + ENTRIES[0] + ENTRIES[1]
    start, fixed = 4 + len(ENTRIES[0]), 18
    for bad, reason, offset in (
        (inside[:-4], f"attributes of {len(ENTRIES[1]) - fixed} octets", start + fixed - 2),
        (inside[:-5], f"attributes of {len(ENTRIES[1]) - fixed} octets", start + fixed - 2),
        (inside[: start + 4] + b"\x21" + inside[start + 5 :], "prefix length 33", start + 4),
        (inside[: start + 17], "TABLE_DUMP runs over the end", start),
    ):
        with pytest.raises(impl.MrtError) as caught:
            impl.mrt.kernels.RouteDecoder().routes(impl.Record(0, 12, 1, bad))
        assert caught.value.reason.startswith(reason)
        assert caught.value.offset == offset
        # Of up to 4 octets missing the entry is a route still: some writers left them out.
        assert len(caught.value.routes) == (2 if bad == inside[:-4] else 1)
