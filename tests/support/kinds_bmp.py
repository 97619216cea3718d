"""Vectors that are streams of BMP, or messages of OpenBMP's bus: see :mod:`support.kinds`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from support.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Vector


def decode_bmp(package: Any, vector: Vector) -> Result:
    """The messages of a stream, each with what those before it said of its peer."""
    return _read(package, vector.data, len(vector.data))


def _read(package: Any, octets: bytes, size: int) -> Result:
    monitor = package.bmp.Monitor(resynchronise=False)
    found: list[Any] = []
    errors: list[Any] = []
    for at in range(0, len(octets), size):
        for offset, message in monitor.messages(octets[at : at + size]):
            found.append(message)
            errors += [error.moved(offset) for error in message.errors]
            list(monitor.router.events(message, offset))
    monitor.framer.finish()
    wire = b"".join(map(bytes, found))
    return Result([one.json() for one in found], wire, found, errors=errors)


def bmp_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    yield "pieces", lambda: _read(package, vector.data, 7)
    yield "file", lambda: Result([one.json() for one in package.bmp.open(vector.data).records()], None)


def decode_openbmp(package: Any, vector: Vector) -> Result:
    """One message of the bus, and the octets that are written of it."""
    found = package.live.openbmp.decode(vector.data)
    return Result(found.json(), bytes(found), [found])


def openbmp_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    def again(octets: Any) -> Result:
        found = replace(package.live.openbmp.decode(octets))
        return Result(found.json(), bytes(found), [found])

    yield "made anew", lambda: again(vector.data)
    yield "memoryview", lambda: again(memoryview(vector.data))
