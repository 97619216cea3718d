"""Lines of what is heard: whole ones, when they are asked for, to readers that leave."""

from __future__ import annotations

import errno
import io
import json
import os
from importlib import import_module
from typing import Any

import pytest
from support.heard import BEGIN, Heard


def sink_of(out: Any, *arguments: Any, **options: Any) -> Any:
    return import_module("bgpwire.listen.sink_lines").LinesSink(out, *arguments, **options)


@pytest.mark.parametrize("buffer", [True, False])
@pytest.mark.parametrize("format", ["json", "psv", "bgpdump"])
def test_lines(impl: Any, format: str, buffer: bool) -> None:
    """Those of the records, and the header once above all."""
    heard, out = Heard(impl), io.BytesIO()
    sink = sink_of(out, format, buffer=buffer)
    expected = import_module("bgpwire.text.lines").FORMATS[format][1].encode()
    for _ in range(3):
        records = heard.records(5)
        expected += records.text(format)
        sink.write(records)
        assert out.getvalue() == (b"" if buffer else expected)
    sink.tick(BEGIN)
    assert out.getvalue() == expected
    sink.write(heard.records(5))
    sink.close()
    sink.close()
    assert not out.closed
    assert (sink.name, sink.routes, sink.messages, sink.octets) == (format, 20, 20, len(out.getvalue()))


def test_many_lines_do_not_wait(impl: Any) -> None:
    heard, out = Heard(impl), io.BytesIO()
    sink = sink_of(out)
    sink.write(heard.records(3000))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(lines) == 3000
    assert {line["source"] for line in lines} == {"router"}


def test_filter(impl: Any) -> None:
    out = io.BytesIO()
    sink = sink_of(out, filter=impl.Filter(peer_asn=64500))
    sink.write(Heard(impl).records(10))
    sink.close()
    assert (sink.routes, sink.messages, out.getvalue().count(b"\n")) == (5, 10, 5)


def test_an_unknown_format(impl: Any) -> None:
    with pytest.raises(ValueError, match="format 'xml'"):
        sink_of(io.BytesIO(), "xml")


class _Slow(io.RawIOBase):
    """Takes seven octets at a time."""

    def __init__(self) -> None:
        self.octets = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.octets += data[:7]
        return min(len(data), 7)


def test_a_file_that_takes_less(impl: Any) -> None:
    heard, out = Heard(impl), _Slow()
    records = heard.records(9)
    sink = sink_of(out, "psv", buffer=False)
    sink.write(records)
    assert bytes(out.octets).endswith(records.text("psv"))
    assert out.octets.count(b"\n") == 10


def test_a_reader_that_leaves(impl: Any) -> None:
    """Which `bgpwire` ends quietly for."""
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb", buffering=0) as out:
        sink = sink_of(out, buffer=False)
        with pytest.raises(BrokenPipeError):
            sink.write(Heard(impl).records(1))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk(impl: Any) -> None:
    SinkError = import_module("bgpwire.listen.sink").SinkError
    with open("/dev/full", "wb", buffering=0) as out:
        sink = sink_of(out)
        sink.write(Heard(impl).records(1))
        with pytest.raises(SinkError) as raised:
            sink.tick(BEGIN)
    assert raised.value.errno == errno.ENOSPC
    assert raised.value.sink == "json"
