"""``bgpwire dump``: every format and every filter, on recordings of real daemons."""

from __future__ import annotations

import json
import random
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parent.parent / "samples"
DEMO = str(SAMPLES / "demo.mrt")
RIB = str(SAMPLES / "demo-rib.mrt")


@pytest.fixture
def dump(impl: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run ``bgpwire dump`` and give what it printed; it must succeed."""

    def call(*arguments: str) -> str:
        assert import_module("bgpwire.cli").main(["dump", *arguments]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return call


def routes(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_is_the_default_on_a_pipe(dump: Any) -> None:
    found = routes(dump(DEMO))
    assert len(found) == 235
    announced = [route for route in found if route["type"] == "A"]
    first = next(route for route in announced if route["prefix"] == "10.64.16.0/24")
    assert first == {
        "type": "A",
        "timestamp": 1795239551,
        "peer_address": "192.0.2.2",
        "peer_asn": 64500,
        "prefix": "10.64.16.0/24",
        "next_hop": "192.0.2.2",
        "as_path": "64500 64496 64497",
        "origin_asns": [64497],
        "origin": "igp",
        "med": 200,
        "communities": ["64500:200", "graceful-shutdown"],
        "large_communities": ["64500:2:64496"],
    }


def test_json_of_a_withdrawal_and_a_state_change(dump: Any) -> None:
    withdrawn = routes(dump(DEMO, "--type", "W", "-n", "1"))
    assert withdrawn == [
        {
            "type": "W",
            "timestamp": 1795239551,
            "peer_address": "192.0.2.2",
            "peer_asn": 64500,
            "prefix": withdrawn[0]["prefix"],
        }
    ]
    assert routes(dump(DEMO, "--type", "state", "-n", "1")) == [
        {
            "type": "S",
            "timestamp": 1795239549,
            "peer_address": "::",
            "peer_asn": 65550,
            "old_state": "idle",
            "new_state": "active",
        }
    ]


def test_json_of_a_rib_entry(dump: Any) -> None:
    for route in routes(dump(RIB)):
        assert route["type"] == "R"
        assert route["originated"] <= route["timestamp"]


def test_json_of_other_families(dump: Any) -> None:
    vpn = routes(dump(str(SAMPLES / "vpn.mrt"), "--type", "A", "-n", "1"))[0]
    assert vpn["family"] == "ipv4-mpls-vpn"
    assert vpn["prefix"] == "10.7.0.0/24"
    assert vpn["nlri"] == {"rd": "64500:7", "prefix": "10.7.0.0/24", "labels": [700]}
    families = {route.get("family") for route in routes(dump(str(SAMPLES / "multicast.mrt"), "--type", "A"))}
    assert "ipv4-multicast" in families


def test_json_with_path_identifiers(dump: Any) -> None:
    found = routes(dump(str(SAMPLES / "add-path-bird-rib.mrt"), "--prefix", "10.5.0.0/24"))
    assert len({route["path_id"] for route in found}) == 3
    assert all(route["prefix"] == "10.5.0.0/24" for route in found)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["json", "text", "psv"])
def test_every_sample_in_every_format(
    impl: Any, capsys: pytest.CaptureFixture[str], path: Path, form: str
) -> None:
    with impl.mrt.open(path) as file:
        kinds = [route.type for route in file.routes()]
        status = 1 if file.skipped else 0
    assert import_module("bgpwire.cli").main(["dump", str(path), "--format", form]) == status
    lines = capsys.readouterr().out.splitlines()
    if form == "psv":
        kinds = ["header", *(kind for kind in kinds if kind != "S")]
        assert {line.count("|") for line in lines} == {15}
    if form == "json":
        assert [json.loads(line)["type"] for line in lines] == kinds
    assert len(lines) == len(kinds)


def test_psv_has_the_fields_of_bgpkit_parser(dump: Any) -> None:
    lines = dump(DEMO, "--format", "psv", "--prefix", "10.64.16.0/24,10.64.17.0/24", "-n", "20").splitlines()
    assert lines[0] == (
        "type|timestamp|peer_ip|peer_asn|prefix|as_path|origin_asns|origin|next_hop|local_pref|med|communities|atomic"
        "|aggr_asn|aggr_ip|only_to_customer"
    )
    assert (
        "A|1795239551|192.0.2.2|64500|10.64.16.0/24|64500 64496 64497|64497|IGP|192.0.2.2|0|200"
        "|64500:200 65535:0 64500:2:64496|false|||"
    ) in lines
    # Route targets: type, sub-type, administrator, the rest in hex.
    assert any("|0:2:64500:0000012C 0:3:64500:00000001|" in line for line in lines)


def test_psv_of_a_withdrawal_and_of_a_rib_entry(dump: Any) -> None:
    line = dump(DEMO, "-f", "psv", "--type", "W", "-n", "1").splitlines()[1]
    assert re.fullmatch(r"W\|1795239551\|192\.0\.2\.2\|64500\|[0-9./]+\|{8}false\|{3}", line)
    with_time = dump(RIB, "-f", "psv", "-n", "1").splitlines()[1].split("|")
    entry = routes(dump(RIB, "-n", "1"))[0]
    assert with_time[:2] == ["A", str(entry["originated"])]


def test_text_is_aligned(dump: Any) -> None:
    lines = dump(DEMO, "--format", "text").splitlines()
    assert lines[0] == "2026-11-21 05:39:09  ~  idle -> active              AS65550 ::"
    announced = [line for line in lines if line[21] == "+"]
    assert {line.index("AS6") for line in announced} == {52}
    assert (
        "2026-11-21 05:39:11  +  10.64.16.0/24               AS64500 192.0.2.2       64500 64496 64497 i"
        "  via 192.0.2.2  med 200  64500:200 graceful-shutdown  64500:2:64496"
    ) in announced
    assert not any("\x1b" in line for line in lines)


def test_text_can_be_coloured_on_a_pipe(dump: Any) -> None:
    assert "\x1b[32m+\x1b[0m" in dump(DEMO, "--format", "text", "--color", "always")


def test_output_goes_to_a_file(dump: Any, tmp_path: Path) -> None:
    path = tmp_path / "routes.jsonl"
    assert dump(DEMO, "--output", str(path)) == ""
    assert path.read_text() == dump(DEMO)


def test_limit_counts_over_all_files(dump: Any) -> None:
    assert dump(DEMO, DEMO, "--limit", "300").count("\n") == 300
    assert dump(DEMO, DEMO, "--limit", "0") == ""


def test_messages(dump: Any) -> None:
    found = routes(dump(DEMO, "--messages"))
    assert {message["type"] for message in found} == {"open", "update", "keepalive", "notification"}
    only = routes(dump(DEMO, "--messages", "--peer-asn", "64501"))
    assert {message["peer_asn"] for message in only} == {64501}


def test_messages_take_no_filter_of_routes(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_module("bgpwire.cli").main(["dump", DEMO, "--messages", "--more-specific", "10.0.0.0/8"]) == 2
    assert capsys.readouterr().err == "bgpwire: --more-specific selects routes, not --messages\n"


FILTERS: dict[str, tuple[list[str], Any]] = {
    "prefix": (["--prefix", "10.64.16.0/24"], lambda r: r.get("prefix") == "10.64.16.0/24"),
    "two prefixes": (
        ["--prefix", "10.64.16.0/24", "--prefix", "10.64.17.0/24"],
        lambda r: r.get("prefix") in ("10.64.16.0/24", "10.64.17.0/24"),
    ),
    "more specific": (["--more-specific", "10.64.0.0/16"], lambda r: r.get("prefix", "").startswith("10.64.")),
    "more specific itself": (["--more-specific", "10.64.16.0/24"], lambda r: r.get("prefix") == "10.64.16.0/24"),
    "less specific": (["--less-specific", "10.64.16.77"], lambda r: r.get("prefix") == "10.64.16.0/24"),
    "IPv6 inside": (["--more-specific", "2001:db8:64::/33"], lambda r: r.get("prefix", "").startswith("2001:db8:6")),
    "origin": (["--origin-asn", "AS64497"], lambda r: 64497 in r.get("origin_asns", [])),
    "origins": (["--origin-asn", "64497,1.6"], lambda r: {64497, 65542} & set(r.get("origin_asns", []))),
    "peer ASN": (["--peer-asn", "64501"], lambda r: r["peer_asn"] == 64501),
    "peer": (["--peer-ip", "192.0.2.3"], lambda r: r["peer_address"] == "192.0.2.3"),
    "path": (["--as-path", "^64500 64496"], lambda r: r.get("as_path", "").startswith("64500 64496")),
    "path as on a router": (["--as-path", "_64496_"], lambda r: "64496" in r.get("as_path", "").split()),
    "community": (["--community", "64500:200"], lambda r: "64500:200" in r.get("communities", [])),
    "well-known by number": (
        ["--community", "65535:0"],
        lambda r: "graceful-shutdown" in r.get("communities", []),
    ),
    "community pattern": (
        ["--community", "65550:*:1?".replace("?", "*")],
        lambda r: any(re.fullmatch("65550:.*:1.*", c) for c in r.get("large_communities", [])),
    ),
    "large community": (["--community", "64500:2:64496"], lambda r: "64500:2:64496" in r.get("large_communities", [])),
    "types": (["--type", "announce,W"], lambda r: r["type"] in "AW"),
    "types side by side": (["--type", "aw"], lambda r: r["type"] in "AW"),
    "version 4": (["--ip-version", "4"], lambda r: "." in r.get("prefix", "")),
    "version 6": (["--ip-version", "6"], lambda r: ":" in r.get("prefix", "")),
    "time": (["--start", "1795239550", "--end", "1795239551"], lambda r: 1795239550 <= r["timestamp"] <= 1795239551),
    "time as text": (
        ["--start", "2026-11-21T05:39:10Z", "--end", "2026-11-21 06:39:11+01:00"],
        lambda r: 1795239550 <= r["timestamp"] <= 1795239551,
    ),
    "all at once": (
        ["--peer-asn", "64500", "--ip-version", "4", "--type", "A", "--as-path", "64497$"],
        lambda r: r["peer_asn"] == 64500
        and r["type"] == "A"
        and "." in r.get("prefix", "")
        and r.get("as_path", "").endswith("64497"),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filter(dump: Any, name: str) -> None:
    arguments, wanted = FILTERS[name]
    expected = [route for route in routes(dump(DEMO)) if wanted(route)]
    assert expected
    assert routes(dump(DEMO, *arguments)) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["--prefix", "10.0.0.0/33"],
        ["--more-specific", "ten"],
        ["--peer-ip", "192.0.2"],
        ["--origin-asn", "4294967296"],
        ["--as-path", "("],
        ["--community", "six"],
        ["--type", "X"],
        ["--start", "noon"],
        ["--limit", "-1"],
        ["--add-path", "ipv5-unicast"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_wrong_value_is_an_error_of_use(impl: Any, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        import_module("bgpwire.cli").main(["dump", DEMO, *arguments])
    assert stop.value.code == 2
    message = capsys.readouterr().err.splitlines()[-1]
    assert message.startswith(f"bgpwire dump: error: argument {arguments[0]}")
    assert "invalid" not in message


def test_malformed_attributes_are_named(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """ORIGIN 9 and a MED of 3 octets: the rest is still shown."""
    attributes = bytes.fromhex("40010109" + "400200" + "400304c0000201" + "800403000001")
    message = b"\xff" * 16 + (25 + len(attributes)).to_bytes(2) + b"\2\0\0\0" + bytes((len(attributes),)) + attributes
    data = bytes.fromhex("0000fbf40000fbf500000001c0000201c0000202") + message + b"\x08\x0a"
    path = tmp_path / "malformed.mrt"
    path.write_bytes(b"\0\0\0\1\0\x10\0\4" + len(data).to_bytes(4) + data)
    main = import_module("bgpwire.cli").main
    assert main(["dump", str(path)]) == 0
    route = json.loads(capsys.readouterr().out)
    assert route["prefix"] == "10.0.0.0/8"
    assert route["next_hop"] == "192.0.2.1"
    assert route["malformed"] == ["origin", "multi_exit_disc"]
    assert main(["dump", str(path), "--format", "text"]) == 0
    assert capsys.readouterr().out.endswith("  malformed origin  malformed multi_exit_disc\n")


@pytest.mark.parametrize("form", ["json", "text", "psv", "bgpdump"])
def test_torn_octets_never_stop_it(
    impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    chance = random.Random(form)
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("*.mrt"))]
    path = tmp_path / "torn.mrt"
    for _ in range(60):
        octets = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 8)):
            octets[chance.randrange(len(octets))] = chance.choice((0, 1, 255, chance.randrange(256)))
        path.write_bytes(octets)
        assert import_module("bgpwire.cli").main(["dump", str(path), "--format", form]) in (0, 1)
        lines = capsys.readouterr().out.splitlines()
        if form == "json":
            assert all(json.loads(line)["type"] in "AWRS" for line in lines)


def test_add_path_can_be_told(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Some collectors wrote path identifiers into records whose subtype denies them."""
    whole = bytearray((SAMPLES / "add-path-bird.mrt").read_bytes())
    at = 0
    while at < len(whole):
        assert whole[at + 4 : at + 6] in (b"\0\x10", b"\0\x11")
        whole[at + 7] = {8: 1, 9: 4}.get(whole[at + 7], whole[at + 7])
        at += 12 + int.from_bytes(whole[at + 8 : at + 12])
    path = tmp_path / "denied.mrt"
    path.write_bytes(whole)
    main = import_module("bgpwire.cli").main
    main(["dump", str(SAMPLES / "add-path-bird.mrt")])
    expected = capsys.readouterr().out
    main(["dump", str(path), "--add-path", "ipv4-unicast", "--add-path", "2/1"])
    assert capsys.readouterr().out == expected
