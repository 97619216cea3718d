"""Where octets come from: whether there are any yet, on systems with ``poll`` and without."""

from __future__ import annotations

import io
import os
import select
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def make(impl: Any) -> Callable[..., Any]:
    return import_module("bgpwire.mrt.input").Input  # type: ignore[no-any-return]


@pytest.fixture
def pipe() -> Iterator[tuple[io.FileIO, io.FileIO]]:
    reader, writer = os.pipe()
    with io.FileIO(reader, "rb") as source, io.FileIO(writer, "wb") as sink:
        yield source, sink


@pytest.fixture(params=["poll", "select"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "select":  # as on Windows
        monkeypatch.delattr(select, "poll", raising=False)
    elif not hasattr(select, "poll"):
        pytest.skip("no poll on this system")


@pytest.mark.usefixtures("system")
def test_ready(make: Callable[..., Any], pipe: tuple[io.FileIO, io.FileIO]) -> None:
    source, sink = pipe
    octets = make(source)
    assert not octets.ready()
    sink.write(b"abc")
    assert octets.ready()
    assert octets.pull() == b"abc"
    assert not octets.ready()
    sink.close()
    assert octets.ready()
    assert octets.pull() == b""
    assert octets.consumed == 3


@pytest.mark.usefixtures("system")
def test_a_descriptor_that_does_not_block_is_waited_for(
    make: Callable[..., Any], pipe: tuple[io.FileIO, io.FileIO]
) -> None:
    source, sink = pipe
    os.set_blocking(source.fileno(), False)
    octets = make(source)
    waits: list[None] = []

    def on_wait() -> None:
        waits.append(None)
        sink.write(b"abc")

    octets.on_wait = on_wait
    assert octets.pull() == b"abc"
    assert waits == [None]


@pytest.mark.usefixtures("system")
def test_closed_elsewhere(make: Callable[..., Any], pipe: tuple[io.FileIO, io.FileIO]) -> None:
    """Then a read is not to be waited for, and says so."""
    source, _ = pipe
    octets = make(source)
    source.close()
    assert octets.ready()
    with pytest.raises(ValueError, match="closed"):
        octets.pull()


def test_what_is_never_waited_for(make: Callable[..., Any], pipe: tuple[io.FileIO, io.FileIO]) -> None:
    assert make(io.BytesIO(b"abc")).ready()
    pipe[0].close()
    assert make(pipe[0]).ready()  # closed before
