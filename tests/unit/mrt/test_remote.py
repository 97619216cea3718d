"""Archives behind http://, from a server that breaks off, redirects, answers slowly, or is not what it was."""

from __future__ import annotations

import gzip
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("fsspec")
pytest.importorskip("aiohttp")

PLAIN = archive() * 600
"""400 KiB: several requests."""
COUNT = 8 * 600


class Handler(BaseHTTPRequestHandler):
    """The first word of the path says how the server is; what it has done before is counted by path."""

    protocol_version = "HTTP/1.1"
    seen: dict[str, int]

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(False)

    def do_GET(self) -> None:
        self.answer(True)

    def answer(self, body: bool) -> None:
        how = self.path.strip("/").split("/")[0]
        turn = self.seen[self.path] = self.seen.get(self.path, 0) + (1 if body else 0)
        if how == "redirect":
            self.send_response(302)
            self.send_header("Location", "/whole/x")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if how in ("404", "403") or (how == "503" and body and turn <= 2):
            self.send_response(int(how))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        data = gzip.compress(PLAIN, 1) if how == "gzip" else PLAIN
        tag = '"one"'
        if how == "changes" and turn > 1:
            data, tag = archive() * 599 + bytes(len(archive())), '"two"'
        start, end = 0, len(data)
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        ranges = how not in ("noranges", "nolength")
        if found and ranges:
            start, end = int(found[1]), min(len(data), int(found[2] or len(data)) + 1)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        else:
            self.send_response(200)
        if ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", tag)
        if how == "nolength":
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if not body:
            return
        piece = data[start:end]
        if how in ("breaks", "noranges") and turn <= 3:
            piece = piece[: len(piece) // 2]
            self.close_connection = True
        if how == "always" and end > len(data) // 2:
            piece = piece[: max(0, len(data) // 2 - start)]
            self.close_connection = True
        for at in range(0, len(piece), 1 << 15):
            if how == "slow":
                time.sleep(0.01)
            self.wfile.write(piece[at : at + (1 << 15)])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("bgpwire.mrt.remote._PAUSE", 0.001)
    monkeypatch.setattr("bgpwire.mrt.remote._BLOCK", 60_000)
    handler = type("Seen", (Handler,), {"seen": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


@pytest.mark.parametrize("how", ["whole", "breaks", "noranges", "nolength", "redirect", "slow", "gzip", "503"])
def test_all_is_read(impl: Any, server: str, how: str) -> None:
    url = f"{server}/{how}/updates.20160811.1600"
    with impl.mrt.open(url) as file:
        routes = list(file.routes())
        assert len(routes) == COUNT
        assert file.skipped == 0
    assert routes[-1].file == url
    assert b"".join(impl.mrt.open(PLAIN).text("psv")) == b"".join(impl.open(url, threads=2).text("psv"))


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ("404", FileNotFoundError, "404"),
        ("403", OSError, "403"),
        ("always", OSError, "always/x"),
        ("changes", OSError, "replaced"),
    ],
)
def test_what_cannot_be_read(impl: Any, server: str, how: str, error: type[Exception], words: str) -> None:
    """Never less than the whole file, and no other: an error, which in several files is a report."""
    url = f"{server}/{how}/x"
    with pytest.raises(error, match=words):
        list(impl.mrt.open(url))
    found = impl.open([f"{url}2", f"{server}/whole/y"])
    with pytest.warns(impl.MrtWarning, match=re.escape(f"{url}2")):
        assert len(list(found)) >= COUNT
    assert [report.error is None for report in found.reports] == [False, True]


def test_columns(impl: Any, server: str) -> None:
    columns = impl.columns.read([f"{server}/breaks/a", f"{server}/whole/b"], ["file", "prefix"], threads=2)
    for _ in range(2):
        assert sum(len(batch) for batch in columns) == 2 * COUNT
    with pytest.raises(FileNotFoundError):
        list(impl.columns.read([f"{server}/whole/a", f"{server}/404/b"]))


def test_the_command(impl: Any, server: str, capfd: pytest.CaptureFixture[str]) -> None:
    main = import_module("bgpwire.cli").main
    assert main(["dump", "-f", "psv", f"{server}/whole/a", f"{server}/404/b"]) == 2
    out, err = capfd.readouterr()
    assert out.count("\n") == COUNT * 6 // 8 + 1  # psv shows no states
    assert err.startswith(f"bgpwire: {server}/404/b: ")
    assert main(["stats", "-f", "json", f"{server}/always/a"]) == 2
    out, err = capfd.readouterr()
    assert err.startswith(f"bgpwire: {server}/always/a: ")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/x", "Cannot connect to host 127.0.0.1:9"),
        ("http://127.0.0.1:9/x*", "Cannot connect to host 127.0.0.1:9"),
        ("unknown://host/x", "Protocol not known: unknown"),
        ("unknown://host/x*", "Protocol not known: unknown"),
        ("SERVER/404/x", "404 Not Found"),
        ("SERVER/403/x*", "403 Forbidden"),
    ],
)
def test_what_is_said(
    impl: Any, server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], url: str, words: str
) -> None:
    """Once the name and what the server said, be it that no folder can be listed; never a traceback."""
    main = import_module("bgpwire.cli").main
    url = url.replace("SERVER", server)
    for command in (["dump"], ["stats"], ["query", "from routes"], ["convert"]):
        out = [str(tmp_path / "x.csv")] if command == ["convert"] else []
        assert main([*command, url, *out]) == 2
        said = capfd.readouterr().err.splitlines()
        assert said[0].startswith(f"bgpwire: {url}: {words}"), command


@pytest.mark.parametrize("pattern", ["", "*"])
def test_without_fsspec(
    impl: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], pattern: str
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    url = f"http://127.0.0.1:9/x{pattern}"
    with pytest.raises(ImportError, match=r"pip install 'bgpwire\[remote\]'"):
        impl.mrt.open(url)
    assert import_module("bgpwire.cli").main(["dump", url]) == 2
    assert capfd.readouterr().err == f"bgpwire: {url}: URLs take fsspec: pip install 'bgpwire[remote]'\n"


def test_a_file_that_becomes_shorter(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of which nothing says that it is another one."""
    remote = import_module("bgpwire.mrt.remote")
    monkeypatch.setattr(remote, "_PAUSE", 0.001)
    files = import_module("fsspec").filesystem("memory")
    files.pipe("/short", PLAIN)
    file = remote.Remote("memory://short")
    assert file.read(1000) == PLAIN[:1000]
    files.pipe("/short", PLAIN[:2000])
    file._drop()
    with pytest.raises(OSError, match=rf"memory://short: ends after 2000 of {len(PLAIN)} octets"):
        list(iter(lambda: file.read(1000), b""))
    file.close()
    with pytest.raises(ValueError, match="the file is closed"):
        file.read(1)


def test_closed(impl: Any, server: str) -> None:
    file = impl.mrt.open(f"{server}/whole/x")
    routes = file.routes()
    next(routes)
    file.close()
    with pytest.raises(ValueError, match="closed"):
        list(routes)
