"""The octets that are decoded: real files where they are, the rest made here once and kept in ``build/benchmarks``."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

from benchmarks.table import Table, write

ROOT = Path(__file__).resolve().parent.parent
NAME = "ris-updates.20160811.1600.gz"
MADE = ROOT / "build" / "benchmarks"


def real(name: str) -> str | None:
    """An archive of a collector, from ``BGPWIRE_DATA`` or beside the project; None where it is not."""
    for folder in (os.environ.get("BGPWIRE_DATA"), ROOT.parent / "shared" / "data"):
        if folder and (Path(folder) / name).exists():
            return str(Path(folder) / name)
    return None


def updates() -> str:
    """RIS updates of 2016, else the recording that is bundled."""
    return real(NAME) or str(ROOT / "samples" / "demo.mrt")


def octets_of(path: str) -> bytes:
    """A file, decompressed in memory."""
    data = Path(path).read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def archive(quick: bool) -> str:
    """:func:`updates`; where ``quick``, the first 2,000 records of it, in gzip as they were."""
    path = updates()
    target = MADE / f"first-{Path(path).name}"
    if quick and not target.exists():
        octets = octets_of(path)
        at = 0
        for _ in range(2000):
            if at < len(octets):
                at += 12 + int.from_bytes(octets[at + 8 : at + 12])
        MADE.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.compress(octets[:at]) if path.endswith(".gz") else octets[:at])
    return str(target) if quick else path


def decompressed() -> bytes:
    """:func:`updates`, decompressed."""
    return octets_of(updates())


def plain(path: str) -> str:
    """The path of the same archive, not compressed: for who reads no other."""
    if not path.endswith(".gz"):
        return path
    target = MADE / Path(path).name.removesuffix(".gz")
    if not target.exists():
        MADE.mkdir(parents=True, exist_ok=True)
        target.write_bytes(octets_of(path))
    return str(target)


def generated(form: str, ipv4: int, ipv6: int, held: int = 2, together: int | None = None) -> str:
    """The path of a :class:`benchmarks.table.Table`, made if it is not there; another generator makes another file."""
    mark = hashlib.sha256((ROOT / "benchmarks" / "table.py").read_bytes()).hexdigest()[:8]
    path = MADE / f"{form}-{ipv4}-{ipv6}-{held}-{together or 'varied'}-{mark}"
    if not path.exists():
        MADE.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        with open(part, "wb") as file:
            write(Table(ipv4, ipv6, held=held, together=together), form, file)
        part.rename(path)
    return str(path)


def table(quick: bool) -> str:
    """1,000,000 IPv4 prefixes of two peers each, as TABLE_DUMP_V2."""
    return generated("table_dump_v2", 10_000 if quick else 1_000_000, 0)


def table6(quick: bool) -> str:
    """200,000 IPv6 prefixes of two peers each, as TABLE_DUMP_V2."""
    return generated("table_dump_v2", 0, 5_000 if quick else 200_000)


def sixes(quick: bool) -> str:
    """UPDATEs of six prefixes each, one in ten withdraws, as BGP4MP_ET: 1,000,000 routes."""
    return generated("bgp4mp_et", 10_000 if quick else 900_000, 2_000 if quick else 100_000, held=1, together=6)


def bare(routes: int) -> str:
    """The path of UPDATEs of six IPv4 prefixes each that announce so many routes."""
    return generated("messages", routes, 0, held=1, together=6)


def stream(routes: int) -> list[bytes]:
    """The same UPDATEs, as they come off a socket."""
    octets = Path(bare(routes)).read_bytes()
    out = []
    at = 0
    while at < len(octets):
        size = int.from_bytes(octets[at + 16 : at + 18])
        out.append(octets[at : at + size])
        at += size
    return out


ATTRIBUTES = bytes.fromhex(
    "40010100"  # ORIGIN IGP
    "4002 0e 0203 0000fde8 0000fde9 0000fdea"  # AS_PATH 65000 65001 65002
    "400304c0000201"  # NEXT_HOP 192.0.2.1
    "80040400000064"  # MULTI_EXIT_DISC 100
    "c00808fde80001fde80002"  # COMMUNITIES 65000:1 65000:2
)


def announcing(count: int) -> bytes:
    """One UPDATE of ``count`` IPv4 /24, 10.0.0.0/24 and the next ones, with five attributes."""
    prefixes = b"".join(bytes((24, 10, index >> 8, index & 255)) for index in range(count))
    return _message(b"\0\0" + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES + prefixes)


def thousand(withdraw: bool = False) -> bytes:
    """One UPDATE of 1,000 IPv4 /24, announced, or withdrawn."""
    if not withdraw:
        return announcing(1000)
    prefixes = b"".join(bytes((24, 10, index >> 8, index & 255)) for index in range(1000))
    return _message(len(prefixes).to_bytes(2) + prefixes + b"\0\0")


def vpn(count: int = 100) -> bytes:
    """One UPDATE of ``count`` VPNv4 routes, each with a label and a route distinguisher, in MP_REACH_NLRI."""
    from benchmarks.exabgp_kit import BASIC, reach, update, vpn4

    return _message(update(b"", BASIC + reach(1, 128, bytes(8) + bytes((10, 0, 0, 1)), vpn4(count))))


def _message(body: bytes) -> bytes:
    return b"\xff" * 16 + (len(body) + 19).to_bytes(2) + b"\x02" + body
