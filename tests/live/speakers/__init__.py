"""Real BGP daemons on loopback, each with what it says of its own table."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from speakers.base import DIALLED, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speakers.base import Speaker


def running(kind: type[Speaker]) -> Iterator[Speaker]:
    """The daemon, while it runs; a test of one that is not installed is skipped."""
    if kind.find() is None:
        pytest.skip(f"{kind.program} is not installed")
    try:
        free_port(DIALLED)
    except OSError as error:
        pytest.skip(f"no addresses on loopback: {error}")
    with TemporaryDirectory(prefix=f"{kind.name}-") as folder:
        speaker = kind(Path(folder))
        try:
            speaker.start()
            yield speaker
        finally:
            speaker.stop()
