"""The octets that are decoded: real files where they are, and one message made here."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "ris-updates.20160811.1600.gz"


def updates() -> str:
    """RIS updates of 2016 from ``BGPWIRE_DATA`` or beside the project, else the recording that is bundled."""
    for folder in (os.environ.get("BGPWIRE_DATA"), ROOT.parent / "shared" / "data"):
        if folder and (Path(folder) / NAME).exists():
            return str(Path(folder) / NAME)
    return str(ROOT / "samples" / "demo.mrt")


def decompressed() -> bytes:
    """The same file, decompressed in memory."""
    path = Path(updates())
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def thousand(withdraw: bool = False) -> bytes:
    """One UPDATE of 1,000 IPv4 /24: 10.0.0.0/24 and the next 999, announced with five attributes, or withdrawn."""
    prefixes = b"".join(bytes((24, 10, index >> 8, index & 255)) for index in range(1000))
    attributes = bytes.fromhex(
        "40010100"  # ORIGIN IGP
        "4002 0e 0203 0000fde8 0000fde9 0000fdea"  # AS_PATH 65000 65001 65002
        "400304c0000201"  # NEXT_HOP 192.0.2.1
        "80040400000064"  # MULTI_EXIT_DISC 100
        "c00808fde80001fde80002"  # COMMUNITIES 65000:1 65000:2
    )
    if withdraw:
        body = len(prefixes).to_bytes(2) + prefixes + b"\0\0"
    else:
        body = b"\0\0" + len(attributes).to_bytes(2) + attributes + prefixes
    return b"\xff" * 16 + (len(body) + 19).to_bytes(2) + b"\x02" + body
