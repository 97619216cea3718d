"""The messages that ExaBGP with bgpwire and without are compared on: generated, recorded, and those of the vectors."""

from __future__ import annotations

import os
import random
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.exabgp_kit import BASIC, HOP6, attribute, prefixes4, reach, update

if TYPE_CHECKING:
    from collections.abc import Iterator


def data_directory() -> Path:
    """Where the archives of real collectors are: ``BGPWIRE_DATA``, or the folder beside the project."""
    return Path(os.environ.get("BGPWIRE_DATA") or Path(__file__).parents[2] / "shared" / "data")


def generated(count: int, seed: int = 4271) -> Iterator[tuple[dict[str, Any], bytes]]:
    """``count`` UPDATEs of all kinds, well formed mostly, each with the session that it belongs to."""
    dice = random.Random(seed)
    for _ in range(count):
        session = {"asn4": dice.random() < 0.7, "add_path": dice.random() < 0.2, "aigp": dice.random() < 0.5}
        session["extended"] = dice.random() < 0.1
        body = _update(dice, session)
        if dice.random() < 0.1 and body:
            body = _damaged(dice, body)
        yield session, body


def _damaged(dice: random.Random, body: bytes) -> bytes:
    octets = bytearray(body)
    how = dice.random()
    if how < 0.4:
        octets[dice.randrange(len(octets))] = dice.randrange(256)
    elif how < 0.7:
        del octets[dice.randrange(len(octets)) :]
    else:
        octets.insert(dice.randrange(len(octets)), dice.randrange(256))
    return bytes(octets)


def _update(dice: random.Random, session: dict[str, Any]) -> bytes:
    parts = _attributes(dice, session)
    withdrawn = announced = b""
    kind = dice.random()
    if kind < 0.35:
        announced = _run(dice, session, 1, 1)
    elif kind < 0.5:
        withdrawn = _run(dice, session, 1, 1)
        if dice.random() < 0.7:
            parts = []
    elif kind < 0.6:
        withdrawn, announced = _run(dice, session, 1, 1), _run(dice, session, 1, 1)
    else:
        afi, safi = dice.choice(((1, 1), (1, 2), (1, 4), (1, 128), (2, 1), (2, 2), (2, 4), (2, 128)))
        if dice.random() < 0.75:
            hop = HOP6 if afi == 2 or (session["extended"] and dice.random() < 0.8) else dice.randbytes(4)
            if afi == 2 and dice.random() < 0.3 and safi != 128:
                hop += b"\xfe\x80" + dice.randbytes(14)
            hop = bytes(8) + hop if safi == 128 else hop
            parts.append(reach(afi, safi, hop, _run(dice, session, afi, safi)))
        if dice.random() < 0.4:
            value = struct.pack("!HB", afi, safi) + _run(dice, session, afi, safi, True)
            parts.append(attribute(0x80, 15, value))
    if dice.random() < 0.1:
        dice.shuffle(parts)
    if parts and dice.random() < 0.03:
        parts.append(dice.choice(parts))
    return update(withdrawn, b"".join(parts), announced)


def _run(dice: random.Random, session: dict[str, Any], afi: int, safi: int, withdraw: bool = False) -> bytes:
    out = []
    longest = 32 if afi == 1 else 128
    for _ in range(dice.choice((1, 1, 2, 3, 7, 20))):
        bits = dice.randint(0, longest)
        head = b""
        if safi in (4, 128):
            depth = dice.choice((1, 1, 1, 2, 3))
            labels = [dice.getrandbits(20) << 4 | dice.choice((0, 0, 0, 6)) for _ in range(depth)]
            labels[-1] |= 1
            if dice.random() < 0.05:
                labels = [dice.choice((0, 0x800000))] if withdraw else [0]
            head = b"".join(label.to_bytes(3) for label in labels)
        if safi == 128:
            head += dice.choice((b"\x00\x00", b"\x00\x01", b"\x00\x02")) + dice.randbytes(6)
        total = bits + 8 * len(head)
        if total > 255:
            continue
        path = dice.randbytes(4) if session["add_path"] else b""
        out.append(path + bytes((total,)) + head + dice.randbytes((bits + 7) // 8))
    return b"".join(out)


def _attributes(dice: random.Random, session: dict[str, Any]) -> list[bytes]:
    width = 4 if session["asn4"] else 2

    def path(octets: int) -> bytes:
        out = b""
        for _ in range(dice.choice((0, 1, 1, 1, 2))):
            count = dice.randint(1, 6)
            kind = dice.choice((1, 2, 2, 2, 2, 2, 3, 4))
            out += bytes((kind, count)) + b"".join(dice.randint(1, 65000).to_bytes(octets) for _ in range(count))
        return out

    made = [attribute(0x40, 1, bytes((dice.randrange(3),))), attribute(0x40, 2, path(width))]
    made.append(attribute(0x40, 3, dice.randbytes(4)))
    options = (
        lambda: attribute(0x80, 4, dice.randbytes(4)),
        lambda: attribute(0x40, 5, dice.randbytes(4)),
        lambda: attribute(0x40, 6, b""),
        lambda: attribute(0xC0, 7, dice.randbytes(width + 4)),
        lambda: attribute(dice.choice((0xC0, 0xE0)), 8, dice.randbytes(4 * dice.randint(1, 6))),
        lambda: attribute(0x80, 9, dice.randbytes(4)),
        lambda: attribute(0x80, 10, dice.randbytes(4 * dice.randint(1, 3))),
        lambda: attribute(0xC0, 16, b"\x00\x02" + dice.randbytes(6) + b"\x00\x02" + dice.randbytes(6)),
        lambda: attribute(0xC0, 32, dice.randbytes(12) * dice.randint(1, 2) + dice.randbytes(12)),
        lambda: attribute(0xC0, 99, dice.randbytes(dice.randint(0, 9))),
        lambda: attribute(0x80, 98, b"x"),
    )
    return made + [option() for option in options if dice.random() < 0.3]


def recorded(limit: int | None = None) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Every UPDATE of the archives of real collectors, then a made-up one of each of their RIB entries."""
    from bgpwire import mrt

    directory = data_directory()
    paths = sorted(directory.glob("ris-updates*.gz")) + sorted(directory.glob("daemons/*.mrt"))
    paths += sorted(Path(__file__).parents[1].glob("samples/*.mrt"))
    count = 0
    for path in paths:
        if "bgpdump" in path.name:
            continue
        for message in mrt.open(path, on_skip=lambda skip: None).messages():
            octets = bytes(message.message)
            if octets[18] != 2:
                continue
            session = {"asn4": message.session.asn4, "add_path": bool(message.session.add_path), "aigp": True}
            yield session, octets[19:]
            count += 1
            if limit is not None and count >= limit:
                return


def vectors() -> Iterator[tuple[dict[str, Any], bytes]]:
    """Every vector that is a whole UPDATE, an attribute, or an NLRI, as an UPDATE."""
    import json

    for path in sorted((Path(__file__).parents[1] / "tests" / "vectors").glob("**/*.json")):
        held = json.loads(path.read_text())
        for vector in held if isinstance(held, list) else [held]:
            context = vector.get("context", {})
            session = {"asn4": context.get("asn4", True), "add_path": bool(context.get("add_path")), "aigp": True}
            try:
                octets = bytes.fromhex(vector.get("hex", ""))
            except (TypeError, ValueError):
                continue
            kind = vector.get("kind")
            if kind == "message" and len(octets) > 19 and octets[18] == 2:
                yield session, octets[19:]
            elif kind == "update":
                yield session, octets
            elif kind == "attribute" and "code" in context:
                flags = context.get("flags", 0xC0 if context["code"] in (7, 8, 16, 32) else 0x80)
                yield session, update(b"", BASIC + attribute(flags, context["code"], octets), prefixes4(1))
            elif kind == "nlri" and context.get("afi") in (1, 2):
                if context.get("withdraw"):
                    value = struct.pack("!HB", context["afi"], context["safi"]) + octets
                    yield session, update(b"", attribute(0x80, 15, value))
                else:
                    hop = bytes((10, 0, 0, 1)) if context["afi"] == 1 else HOP6
                    hop = bytes(8) + hop if context["safi"] == 128 else hop
                    yield session, update(b"", BASIC + reach(context["afi"], context["safi"], hop, octets))


if __name__ == "__main__":
    print(sum(1 for _ in generated(1000)), "generated,", sum(1 for _ in recorded()), "recorded", file=sys.stderr)
