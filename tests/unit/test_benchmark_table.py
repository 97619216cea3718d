"""The full table that benchmarks are run on says what was drawn: to both implementations, and to bgpdump."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from support.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# The benchmarks are not in an installed package's tests.
pytestmark = pytest.mark.skipif(not (ROOT / "benchmarks" / "table.py").is_file(), reason="benchmarks is not there")
FORMS = {"table_dump_v2": "table_lines", "bgp4mp_et": "update_lines"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    return import_module("benchmarks.table")


def octets(made: Any, form: str, **size: Any) -> bytes:
    file = BytesIO()
    made.write(made.Table(**({"ipv4": 500, "ipv6": 120, "peers": 12} | size)), form, file)
    return file.getvalue()


def lines(made: Any, form: str) -> list[str]:
    told = getattr(import_module("benchmarks.table_lines"), FORMS[form])
    return list(told(made.Table(ipv4=500, ipv6=120, peers=12)))


@pytest.mark.parametrize("form", FORMS)
def test_routes_are_those_drawn(made: Any, impl: Any, form: str) -> None:
    formatter = import_module("bgpwire.text.bgpdump").formatter()
    routes = impl.mrt.open(octets(made, form)).routes()
    assert "".join(map(formatter, routes)).splitlines() == lines(made, form)


@pytest.mark.skipif(shutil.which("bgpdump") is None, reason="bgpdump is not installed")
@pytest.mark.parametrize("form", FORMS)
def test_bgpdump_prints_what_was_drawn(made: Any, tmp_path: Path, form: str) -> None:
    path = tmp_path / "table.mrt"
    path.write_bytes(octets(made, form))
    done = subprocess.run(["bgpdump", "-m", str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == lines(made, form)


def test_messages_follow_each_other(made: Any, impl: Any) -> None:
    stream = octets(made, "messages", together=6, held=1, ipv4=600, ipv6=120)
    framer = import_module("bgpwire.stream").Framer()
    session = impl.Session(asn4=True)
    updates = [impl.Message.decode(view, session) for view in framer.feed(stream)]
    counts = [len(update.nlri) or len(update.attributes.mp_reach.nlri) for update in updates]
    assert [error for update in updates for error in update.errors] == []
    assert set(counts) == {6}
    assert sum(counts) == 720


def test_a_table_is_made_of_its_seed(made: Any) -> None:
    assert octets(made, "table_dump_v2") == octets(made, "table_dump_v2")
    assert octets(made, "table_dump_v2") != octets(made, "table_dump_v2", seed=1)


def test_attributes_are_shared_as_collectors_have_them(made: Any) -> None:
    """A third of the entries has a block of its own, half have communities, few sets of which are different."""
    groups = list(made.Table(ipv4=3000, ipv6=0).groups())
    routes = [value for group in groups for _ in group.prefixes for _, value, _ in group.paths]
    assert 0.25 < len(set(routes)) / len(routes) < 0.4
    assert 0.4 < sum(bool(value.communities) for value in routes) / len(routes) < 0.6
    assert len({value.communities for value in routes}) < len(routes) / 50
