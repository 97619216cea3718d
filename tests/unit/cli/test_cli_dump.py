"""``bgpwire dump``: every format and every filter, on recordings of real daemons."""

from __future__ import annotations

import json
import random
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.context import told
from support.made_mrt import HOP, at, attribute, bgp4mp, prefix, update
from support.places import SAMPLES

RIB = str(SAMPLES / "demo-rib.mrt")


def routes(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_is_the_default_on_a_pipe(dump: Any, made: str) -> None:
    told = {"peer_address": "192.0.2.1", "peer_asn": 65551}
    first = {
        "next_hop": "192.0.2.1",
        "as_path": "65551 64496 64497",
        "origin_asns": [64497],
        "origin": "igp",
        "med": 200,
        "communities": ["64500:200", "graceful-shutdown"],
        "large_communities": ["65551:2:64496"],
    }
    found = routes(dump(made))
    # How an extended community looks is its own matter.
    targets = found[3].pop("extended_communities")
    assert len(targets) == 2
    assert found == [
        {"type": "S", "timestamp": 1000000000, **told, "old_state": "idle", "new_state": "active"},
        {"type": "A", "timestamp": 1000000001, **told, "prefix": "10.64.16.0/24", **first},
        {"type": "A", "timestamp": 1000000001, **told, "prefix": "10.64.17.0/24", **first},
        {
            "type": "A",
            "timestamp": 1000000002,
            "peer_address": "2001:db8::1",
            "peer_asn": 65551,
            "prefix": "2001:db8::/32",
            "next_hop": "2001:db8::1",
            "as_path": "65551 64496",
            "origin_asns": [64496],
            "origin": "incomplete",
        },
        {"type": "W", "timestamp": 1000000003, **told, "prefix": "10.64.17.0/24"},
        {
            "type": "W",
            "timestamp": 1000000004,
            "peer_address": "2001:db8::1",
            "peer_asn": 65551,
            "prefix": "2001:db8::/32",
        },
        {
            "type": "A",
            "timestamp": 1000000005,
            **told,
            "prefix": "10.128.0.0/9",
            "next_hop": "192.0.2.1",
            "as_path": "65551 64501 {64496,64499}",
            "origin_asns": [64496, 64499],
            "origin": "egp",
            "local_pref": 100,
            "atomic_aggregate": True,
            "aggregator": {"asn": 64501, "address": "198.51.100.1"},
        },
        {"type": "S", "timestamp": 1000000007, **told, "old_state": "established", "new_state": "idle"},
    ]


def test_json_has_microseconds_where_the_record_has(impl: Any, dump: Any, tmp_path: Path) -> None:
    path = tmp_path / "et.mrt"
    path.write_bytes(bgp4mp(update(withdrawn=prefix("10.0.0.0/8")), kind=17))
    assert '"timestamp":1000000000.000042,' in dump(str(path))
    assert next(impl.mrt.open(path).routes()).json()["timestamp"] == 1000000000.000042
    assert dump(str(path), "-f", "text").startswith("2001-09-09 01:46:40.000042  -  10.0.0.0/8")
    assert dump(str(path), "-f", "psv").splitlines()[1].startswith("W|1000000000.000042|")


def test_json_of_a_rib_entry(dump: Any) -> None:
    for route in routes(dump(RIB)):
        assert route["type"] == "R"
        assert route["originated"] <= route["timestamp"]


def test_json_of_other_families(dump: Any) -> None:
    vpn = routes(dump(str(SAMPLES / "vpn.mrt"), "--type", "A", "-n", "1"))[0]
    assert vpn["family"].endswith("-mpls-vpn")
    assert vpn["nlri"]["prefix"] == vpn["prefix"]
    assert {"rd", "labels"} <= set(vpn["nlri"])
    families = {route.get("family") for route in routes(dump(str(SAMPLES / "multicast.mrt"), "--type", "A"))}
    assert "ipv4-multicast" in families


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
def test_json_of_a_route_is_its_line(impl: Any, path: Path) -> None:
    """``Route.json()`` and the line of ``dump`` say the same, keys in the same order."""
    line = import_module("bgpwire.text.jsonl").formatter()
    count = 0
    for route in impl.mrt.open(path, on_skip=told).routes():
        assert json.dumps(route.json()) == json.dumps(json.loads(line(route)))
        count += 1
    assert count


def test_json_with_path_identifiers(dump: Any) -> None:
    found = routes(dump(str(SAMPLES / "add-path-bird-rib.mrt")))
    assert all("path_id" in route for route in found)
    assert len({(route["prefix"], route["path_id"]) for route in found}) == len(found)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["json", "text", "psv"])
def test_every_sample_in_every_format(impl: Any, capsys: pytest.CaptureFixture[str], path: Path, form: str) -> None:
    with impl.mrt.open(path, on_skip=told) as file:
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


def test_psv_has_the_fields_of_bgpkit_parser(dump: Any, made: str) -> None:
    head = "192.0.2.1|65551"
    first = "65551 64496 64497|64497|IGP|192.0.2.1|0|200|64500:200 65535:0 65551:2:64496|false|||"
    assert dump(made, "--format", "psv").splitlines() == [
        "type|timestamp|peer_ip|peer_asn|prefix|as_path|origin_asns|origin|next_hop|local_pref|med|communities|atomic"
        "|aggr_asn|aggr_ip|only_to_customer",
        f"A|1000000001|{head}|10.64.16.0/24|{first}",
        f"A|1000000001|{head}|10.64.17.0/24|{first}",
        "A|1000000002|2001:db8::1|65551|2001:db8::/32|65551 64496|64496|INCOMPLETE|2001:db8::1|0|0"
        "|0:2:64500:0000012C 0:3:64500:00000001|false|||",
        f"W|1000000003|{head}|10.64.17.0/24||||||||false|||",
        "W|1000000004|2001:db8::1|65551|2001:db8::/32||||||||false|||",
        f"A|1000000005|{head}|10.128.0.0/9|65551 64501 {{64496,64499}}|64496 64499|EGP|192.0.2.1|100|0||true"
        "|64501|198.51.100.1|",
    ]


def test_psv_of_a_rib_entry_has_the_time_it_was_learned(dump: Any) -> None:
    line = dump(RIB, "-f", "psv", "-n", "1").splitlines()[1].split("|")
    entry = routes(dump(RIB, "-n", "1"))[0]
    assert line[:2] == ["A", str(entry["originated"])]


def test_psv_of_an_update_with_both_next_hops(dump: Any, tmp_path: Path) -> None:
    """pybgpkit-parser 0.6.2 gives the octets of NEXT_HOP for both prefixes, too."""
    address = bytes.fromhex("20010db8000000000000000000000001")
    reach = attribute(14, b"\0\2\1\x10" + address + b"\0\x20" + address[:4])
    path = tmp_path / "both.mrt"
    path.write_bytes(bgp4mp(update(attribute(1, b"\0") + attribute(2, b"") + HOP + reach, prefix("10.0.0.0/8"))))
    hops = {line.split("|")[4]: line.split("|")[8] for line in dump(str(path), "-f", "psv").splitlines()[1:]}
    assert hops == {"10.0.0.0/8": "192.0.2.1", "2001:db8::/32": "192.0.2.1"}


def test_text_is_aligned(dump: Any, made: str) -> None:
    lines = dump(made, "--format", "text").splitlines()
    # How an extended community looks is its own matter.
    lines[3] = lines[3][: lines[3].index("2001:db8::1  rt:") + 11] if "  rt:" in lines[3] else lines[3]
    first = "AS65551 192.0.2.1       65551 64496 64497 i  via 192.0.2.1  med 200  64500:200 graceful-shutdown"
    assert lines == [
        "2001-09-09 01:46:40  ~  idle -> active              AS65551 192.0.2.1",
        f"2001-09-09 01:46:41  +  10.64.16.0/24               {first}  65551:2:64496",
        f"2001-09-09 01:46:41  +  10.64.17.0/24               {first}  65551:2:64496",
        "2001-09-09 01:46:42  +  2001:db8::/32               AS65551 2001:db8::1     65551 64496 ?  via 2001:db8::1",
        "2001-09-09 01:46:43  -  10.64.17.0/24               AS65551 192.0.2.1",
        "2001-09-09 01:46:44  -  2001:db8::/32               AS65551 2001:db8::1",
        "2001-09-09 01:46:45  +  10.128.0.0/9                AS65551 192.0.2.1       65551 64501 {64496,64499} e"
        "  via 192.0.2.1  pref 100  atomic  aggregator AS64501 198.51.100.1",
        "2001-09-09 01:46:47  ~  established -> idle         AS65551 192.0.2.1",
    ]


def test_text_can_be_coloured_on_a_pipe(dump: Any, made: str) -> None:
    assert "\x1b[32m+\x1b[0m" in dump(made, "--format", "text", "--color", "always")


def test_limit_counts_over_all_files(dump: Any, made: str) -> None:
    assert dump(made, made, "--limit", "11").count("\n") == 11
    assert dump(made, made, "--limit", "0") == ""


def test_messages(dump: Any, made: str) -> None:
    found = routes(dump(made, "--messages"))
    assert [message["type"] for message in found] == ["update"] * 5 + ["keepalive"]
    only = routes(dump(made, "--messages", "--peer-ip", "2001:db8::1", "--end", "1000000003"))
    assert [message["timestamp"] for message in only] == [1000000002]


def test_messages_take_no_filter_of_routes(impl: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    assert import_module("bgpwire.cli").main(["dump", made, "--messages", "--more-specific", "10.0.0.0/8"]) == 2
    assert capsys.readouterr().err == "bgpwire: --more-specific selects routes, not --messages\n"


# Which lines of the made archive each filter lets through.
FILTERS: dict[str, tuple[list[str], list[int]]] = {
    "prefix": (["--prefix", "10.64.17.0/24"], [2, 4]),
    "two prefixes": (["--prefix", "10.64.16.0/24,2001:db8::/32", "--prefix", "10.64.17.0/24"], [1, 2, 3, 4, 5]),
    "more specific": (["--more-specific", "10.0.0.0/8"], [1, 2, 4, 6]),
    "more specific itself": (["--more-specific", "10.64.16.0/24"], [1]),
    "less specific": (["--less-specific", "10.64.16.77"], [1]),
    "any of the prefixes": (["--less-specific", "10.200.0.0/16", "--prefix", "10.64.16.0/24"], [1, 6]),
    "IPv6 inside": (["--more-specific", "2001::/16"], [3, 5]),
    "origin": (["--origin-asn", "AS64497"], [1, 2]),
    "origins": (["--origin-asn", "64499,0.64496"], [3, 6]),
    "peer AS": (["--peer-asn", "1.15"], [0, 1, 2, 3, 4, 5, 6, 7]),
    "peer": (["--peer-ip", "2001:db8:0::1"], [3, 5]),
    "path": (["--as-path", "^65551 64496"], [1, 2, 3]),
    "path as on a router": (["--as-path", "_64496_"], [1, 2, 3, 6]),
    "end of the path": (["--as-path", "_64496$"], [3]),
    "community": (["--community", "64500:200"], [1, 2]),
    "well-known by number": (["--community", "65535:0"], [1, 2]),
    "well-known by name": (["--community", "graceful_shutdown"], [1, 2]),
    "community pattern": (["--community", "65551:*:64496"], [1, 2]),
    "large community": (["--community", "65551:2:64496"], [1, 2]),
    "extended community": (["--community", "rt:64500:300"], [3]),
    "no such community": (["--community", "4500:20"], []),
    "types": (["--type", "announce,W"], [1, 2, 3, 4, 5, 6]),
    "types side by side": (["--type", "aw"], [1, 2, 3, 4, 5, 6]),
    "states": (["--type", "state"], [0, 7]),
    "version 4": (["--ip-version", "4"], [1, 2, 4, 6]),
    "version 6": (["--ip-version", "6"], [3, 5]),
    "time": (["--start", "1000000003", "--end", "1000000004"], [4, 5]),
    "time as text": (["--start", "2001-09-09T01:46:43Z", "--end", "2001-09-09 03:46:44+02:00"], [4, 5]),
    "time without a zone is UTC": (["--start", "2001-09-09 01:46:45"], [6, 7]),
    "family": (["--family", "ipv6-unicast,1/128"], [3, 5]),
    "not this prefix": (["--not-prefix", "10.64.17.0/24", "--ip-version", "4"], [1, 6]),
    "not these types": (["--not-type", "A,W"], [0, 7]),
    "not this origin": (["--not-origin-asn", "64497", "--type", "A"], [3, 6]),
    "not this origin, which a withdrawal has not either": (["--not-origin-asn", "64497"], [0, 3, 4, 5, 6, 7]),
    "not this peer": (["--not-peer-ip", "192.0.2.1"], [3, 5]),
    "not this community": (["--not-community", "64500:*", "--type", "A"], [3, 6]),
    "with communities": (["--community", "present"], [1, 2, 3]),
    "without communities": (["--community", "absent", "--type", "A"], [6]),
    "without a prefix": (["--prefix", "absent"], [0, 7]),
    "all at once": (["--ip-version", "4", "--type", "A", "--as-path", "64497$", "--end", "1000000002"], [1, 2]),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filter(dump: Any, made: str, name: str) -> None:
    arguments, wanted = FILTERS[name]
    lines = dump(made).splitlines()
    assert dump(made, *arguments).splitlines() == [lines[number] for number in wanted]


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
        ["--not-prefix", "10.0.0.0/33"],
        ["--not-community", "absent"],
        ["--family", "ipv5-unicast"],
        ["--ip-version", "5"],
        ["--limit", "-1"],
        ["--add-path", "ipv5-unicast"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_wrong_value_is_an_error_of_use(
    impl: Any, capsys: pytest.CaptureFixture[str], made: str, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        import_module("bgpwire.cli").main(["dump", made, *arguments])
    assert stop.value.code == 2
    message = capsys.readouterr().err.splitlines()[-1]
    assert message.startswith(f"bgpwire dump: error: argument {arguments[0]}")
    assert "invalid" not in message


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--start", "2", "--end", "1"], "the end is before the start: no route could match"),
        (["--ip-version", "4", "--prefix", "2001:db8::/32"], "the prefixes are not of that IP version"),
        (["--community", "present", "--community", "65000:1"], "--community: present and absent stand alone"),
    ],
)
def test_what_no_route_could_match(
    impl: Any, capsys: pytest.CaptureFixture[str], made: str, arguments: list[str], why: str
) -> None:
    assert import_module("bgpwire.cli").main(["dump", made, *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"bgpwire: {why}")


def test_malformed_attributes_are_named(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """ORIGIN 9 and a MED of 3 octets: the rest is still shown."""
    attributes = attribute(1, b"\x09", 0x40) + attribute(2, b"", 0x40) + HOP + attribute(4, b"\0\0\1", 0x80)
    path = tmp_path / "malformed.mrt"
    path.write_bytes(at(1, bgp4mp(update(attributes, prefix("10.0.0.0/8")))))
    main = import_module("bgpwire.cli").main
    assert main(["dump", str(path)]) == 0
    route = json.loads(capsys.readouterr().out)
    assert route["prefix"] == "10.0.0.0/8"
    assert route["next_hop"] == "192.0.2.1"
    assert route["malformed"] == ["origin", "multi_exit_disc"]
    assert main(["dump", str(path), "--format", "text"]) == 0
    assert capsys.readouterr().out.endswith("  malformed origin  malformed multi_exit_disc\n")


@pytest.mark.parametrize("form", ["json", "text", "psv", "bgpdump"])
def test_torn_octets_never_stop_it(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
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
