"""Does bgpwire say what other decoders say? ``python -m benchmarks.agreement``

Per source: how many inputs both read the same, how many differ, and why. A difference is *settled* when a sentence of
an RFC says who is right (:data:`SETTLED`); what is left over is printed whole, and makes the exit status 1.

Sources, each left out where it is not there:

- GoBGP's own tests (``BGPWIRE_ORACLES``), through the comparisons in test_*oracle*.py;
- tshark, fed with the messages of the samples and the vectors in a pcap;
- bgpdump, whose output lies beside the archives in ``BGPWIRE_DATA``;
- the samples: what the daemons' operators were told to announce (samples/\\*.expected.json).
"""

from __future__ import annotations

import gzip
import json
import os
import re
import runpy
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import bgpwire
from bgpwire.text import bgpdump

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
ORACLES = Path(os.environ.get("BGPWIRE_ORACLES") or SHARED / "oracles")
DATA = Path(os.environ.get("BGPWIRE_DATA") or SHARED / "data")

SETTLED: dict[str, str] = {
    "gobgp label stack": "RFC 8277 2.3: the stack ends at the label whose S bit is set; GoBGP ends it anywhere",
    "gobgp FlowSpec value": "RFC 8955 4.2: an operator is followed by its value; GoBGP keeps the octets as text",
    "gobgp TLV refused": "RFC 9552 8.2.2: only syntax is checked; GoBGP refuses some addresses, floats, empty names",
    "gobgp attribute taken": "RFC 7606 7.1 to 7.3: malformed; GoBGP's decoder leaves it to a later check, or takes it",
    "gobgp FlowSpec pattern": "RFC 8956 3.1: the pattern has length - offset bits; GoBGP writes all of them",
    "tshark long message": "RFC 8654 4: up to 65,535 octets; tshark 4.0 takes more than 4,096 for malformed",
    "tshark AS width": "RFC 6793 4.1: capability 65 of both sides tells it; tshark guesses by the octets",
    "tshark ADD-PATH": "RFC 7911 4: capability 69 of both sides tells it; tshark guesses by the octets",
    "tshark extended OPEN": "RFC 9072 2: length and type 255 announce two octets of length; tshark 4.0 knows it not",
    "tshark SR Policy": "RFC 9830 2.1: an endpoint of AFI 2 has 16 octets; tshark 4.0 takes the NLRI for malformed",
    "tshark unknown TLV": "RFC 8669 6, RFC 9012 13: a TLV not known, or not readable, is passed over; tshark 4.0 stops",
    "tshark malformed": "RFC 7606 2, RFC 4271 6.2: what is wrong is reported and the rest read; tshark reads otherwise",
}


class Outcome(NamedTuple):
    """What comparing with one source came to."""

    source: str
    agree: int
    settled: Counter[str]
    open: list[str]


def main() -> int:
    status = 0
    for compare in (gobgp, tshark, bgpdump_output, samples):
        outcome = compare()
        if isinstance(outcome, str):
            print(f"{compare.__name__}: left out, {outcome}\n")
            continue
        total = outcome.agree + outcome.settled.total() + len(outcome.open)
        settled = outcome.settled.total()
        print(f"{outcome.source}: {total} inputs, {outcome.agree} agree, {settled} settled, {len(outcome.open)} open")
        for reason, number in outcome.settled.most_common():
            print(f"  {number:5} {reason}: {SETTLED[reason]}")
        for line in outcome.open[:20]:
            print(f"        OPEN {line[:300]}")
        print()
        status |= bool(outcome.open)
    return status


# --- GoBGP's tests ---------------------------------------------------------------------------------------------------

_KNOWN_GOBGP = {
    "3003e800c80a0a": "gobgp label stack",
    "020381": "gobgp FlowSpec value",
    "5901400c2001": "gobgp FlowSpec pattern",
}


def gobgp() -> Outcome | str:
    """Runs the comparisons that are tests; what they settle themselves is counted apart by its input."""
    if not (ORACLES / "gobgp_expected.jsonl").is_file():
        return f"no vectors in {ORACLES}"
    files = sorted(map(str, (ROOT / "tests").rglob("test_*oracle*.py")))
    command = [sys.executable, "-m", "pytest", "-rA", "--tb=no", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)
    outcomes = re.findall(r"^(PASSED|FAILED) (\S+)", done.stdout, re.MULTILINE)
    if not outcomes:
        return f"pytest says {(done.stderr or done.stdout)[-200:]}"
    # Each input was compared on both implementations; it agrees if it does on both.
    seen, failed = set(), set()
    for outcome, name in outcomes:
        (seen if outcome == "PASSED" else failed).add(re.sub(r"\[(cython|python)-", "[", name))
    settled: Counter[str] = Counter()
    for name in seen:
        for start, reason in _KNOWN_GOBGP.items():
            if f"-{start[:24]}" in name:
                settled[reason] += 1
    more, read_only = _gobgp_otherwise()
    settled += more
    mrt = _gobgp_mrt()
    agree = len(seen - failed) - settled.total() - read_only + mrt.agree
    title = f"GoBGP's tests ({read_only} more are read, but not compared field by field)"
    return Outcome(title, agree, settled, sorted(failed) + mrt.open)


def _comparisons(name: str) -> dict[str, Any]:
    """What a file of tests defines."""
    return runpy.run_path(str(next((ROOT / "tests").rglob(name))))


def _gobgp_otherwise() -> tuple[Counter[str], int]:
    """What the tests let pass although GoBGP says otherwise; and how many attributes they do not compare."""
    settled, read_only = Counter[str](), 0
    link_state = _comparisons("test_bgp_ls_oracle.py")
    for line in link_state["_lines"]("ls-tlv"):
        if line["err"]:
            form = link_state["_first"](bgpwire, bytes.fromhex(line["hex"]))
            settled["gobgp TLV refused"] += "torn" not in form and "error" not in form and "name" in form
    messages = _comparisons("test_oracle_messages.py")
    for line in (parameter.values[0] for parameter in messages["_of"]("attribute")):
        data = bytes.fromhex(line["hex"])
        code = data[1]
        if line["err"] or code not in messages["_ATTRIBUTES"]:
            read_only += 1
            continue
        asn4 = not ((code == 7 and data[2] == 6) or "2Byte" in line["test"])
        attributes = bgpwire.PathAttributes(data, session=bgpwire.Session(asn4=asn4))
        settled["gobgp attribute taken"] += attributes.get(code) is None
    return +settled, read_only


def _gobgp_mrt() -> Outcome:
    """The MRT bodies among GoBGP's vectors, behind a record header made here."""
    kinds = {"parseBGP4MPMessage": (16, 1), "parseBGP4MPStateChange": (16, 0), "parseGeoPeerTable": (13, 7)}
    kinds |= {"parsePeerIndexTable": (13, 1), "parseRib": (13, 2)}
    agree, wrong = 0, []
    for line in map(json.loads, (ORACLES / "gobgp_expected.jsonl").read_text("utf-8").splitlines()):
        if not line["kind"].startswith("mrt:"):
            continue
        kind, subtype = kinds[line["kind"][4:]]
        subtype = 8 if "addpath=true" in line["ctx"] and kind == 13 else subtype
        data, said = bytes.fromhex(line["hex"]), json.loads(line["json"]) if line["json"] else {}
        try:
            ours = bgpwire.mrt.decode_record(bgpwire.Record(0, kind, subtype, data)).json()
        except bgpwire.DecodeError as error:
            ours = {"error": str(error)}
        if _same_mrt(ours, said, bool(line["err"])):
            agree += 1
        else:
            wrong.append(f"{line['test']}: {ours} and {said or line['err']}")
    return Outcome("", agree, Counter(), wrong)


def _same_mrt(ours: dict[str, Any], said: dict[str, Any], refused: bool) -> bool:
    if refused or "error" in ours:
        return refused == ("error" in ours)
    states = ("idle", "connect", "active", "opensent", "openconfirm", "established")
    pairs = {
        "CollectorBgpId": ours.get("collector_bgp_id"),
        "ViewName": ours.get("view"),
        "PeerAS": ours.get("peer_asn"),
        "LocalAS": ours.get("local_asn"),
        "PeerIpAddress": ours.get("peer_address"),
        "LocalIpAddress": ours.get("local_address"),
        "SequenceNumber": ours.get("sequence"),
        "OldState": ours.get("old_state") and states.index(ours["old_state"]) + 1,
        "NewState": ours.get("new_state") and states.index(ours["new_state"]) + 1,
    }
    if any(key in said and said[key] != value for key, value in pairs.items()):
        return False
    if "Entries" in said:
        mine = [(entry["peer_index"], entry.get("path_id", 0), len(entry["attributes"])) for entry in ours["entries"]]
        theirs = [(one["PeerIndex"], one["PathIdentifier"], len(one["PathAttributes"])) for one in said["Entries"]]
        return said["Prefix"]["prefix"] == ours["nlri"] and mine == theirs
    for one, other in zip(ours.get("peers", []), said.get("Peers", []), strict=True):
        if "AS" in other and (one["asn"], one["address"]) != (other["AS"], other["IpAddress"]):
            return False
        if "Latitude" in other and abs(one["latitude"] - other["Latitude"]) > 1e-4:
            return False
    return True


# --- tshark ----------------------------------------------------------------------------------------------------------

_FIELDS = {
    "type": "bgp.type",
    "codes": "bgp.update.path_attribute.type_code",
    "origin": "bgp.update.path_attribute.origin",
    "med": "bgp.update.path_attribute.multi_exit_disc",
    "local_pref": "bgp.update.path_attribute.local_pref",
    "next_hop": "bgp.update.path_attribute.next_hop",
    "asn4": "bgp.update.path_attribute.as_path_segment.as4",
    "asn2": "bgp.update.path_attribute.as_path_segment.as2",
    "prefixes": "bgp.nlri_prefix",
    "withdrawn": "bgp.withdrawn_prefix",
    "prefixes6": "bgp.mp_reach_nlri_ipv6_prefix",
    "withdrawn6": "bgp.mp_unreach_nlri_ipv6_prefix",
    "open": "bgp.open.myas",
    "hold": "bgp.open.holdtime",
    "capabilities": "bgp.cap.type",
    "error": "bgp.notify.major_error",
    "malformed": "_ws.malformed",
    "expert": "_ws.expert.severity",
}


def tshark() -> Outcome | str:
    program = shutil.which("tshark")
    if program is None:
        return "tshark is not installed"
    messages = _messages()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.pcap"
        path.write_bytes(_pcap([octets for octets, _ in messages]))
        command = [
            program,
            "-r",
            str(path),
            "-T",
            "fields",
            "-E",
            "separator=|",
            "-E",
            "occurrence=a",
            "-E",
            "aggregator=,",
        ]
        command += [part for field in _FIELDS.values() for part in ("-e", field)]
        # sequence numbers are made up, and each message is a stream of its own
        done = subprocess.run([*command, "-o", "tcp.analyze_sequence_numbers:FALSE"], capture_output=True, check=False)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if len(lines) != len(messages):
        return f"tshark gave {len(lines)} lines for {len(messages)} messages: {done.stderr.decode()[:200]}"
    agree, settled, wrong = 0, Counter[str](), []
    for (octets, session), line in zip(messages, lines, strict=True):
        cells = [cell.split(",") if cell else [] for cell in line.split("|")]
        theirs = dict(zip(_FIELDS, cells, strict=True))
        verdict = _judge(octets, session, theirs)
        if verdict is None:
            agree += 1
        elif verdict in SETTLED:
            settled[verdict] += 1
        else:
            wrong.append(f"{octets.hex()}: {verdict}")
    return Outcome("tshark", agree, settled, wrong)


def _pass_over(skip: bgpwire.mrt.Skip) -> None:
    """Recordings hold what no decoder can read, on purpose."""


def _messages() -> list[tuple[bytes, bgpwire.Session]]:
    """Each message of the samples once, and the vectors that are messages."""
    found: dict[bytes, bgpwire.Session] = {}
    for path in sorted((ROOT / "samples").glob("*.mrt")):
        for message in bgpwire.mrt.open(path, on_skip=_pass_over).messages():
            found.setdefault(bytes(message), message.session)
    for path in sorted((ROOT / "tests" / "vectors").rglob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        for vector in document if isinstance(document, list) else [document]:
            kind = {"open": 1, "update": 2, "notification": 3, "route_refresh": 5}.get(vector["kind"])
            if kind is None or "error" in vector:
                continue
            context = vector.get("context", {})
            body = bytes.fromhex("".join(vector["hex"]) if isinstance(vector["hex"], list) else vector["hex"])
            octets = b"\xff" * 16 + (len(body) + 19).to_bytes(2) + bytes((kind,)) + body
            families = (
                bgpwire.Family.parse(item) if isinstance(item, str) else item for item in context.get("add_path", ())
            )
            add_path = frozenset((int(afi), int(safi)) for afi, safi in families)
            session = bgpwire.Session(context.get("asn4", True), add_path, extended_message=True)
            found.setdefault(octets, session)
    return list(found.items())


def _pcap(messages: list[bytes]) -> bytes:
    """Each message as one TCP segment from port 179, of a connection of its own (RFC 791, RFC 9293)."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 101)]
    for number, octets in enumerate(messages):
        tcp = struct.pack(">HHIIBBHHH", 179, 1024 + number % 60_000, 1, 1, 0x50, 0x18, 65535, 0, 0) + octets
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), number & 0xFFFF, 0, 64, 6, 0)
        head += bytes((192, 0, 2, 1 + number // 60_000, 192, 0, 2, 200))
        out.append(struct.pack("<IIII", number, 0, len(head + tcp), len(head + tcp)) + head + tcp)
    return b"".join(out)


def _judge(octets: bytes, session: bgpwire.Session, theirs: dict[str, list[str]]) -> str | None:
    """``None`` where both say the same, the reason of a settled difference, or what differs."""
    try:
        ours = bgpwire.Message.decode(octets, session)
    except bgpwire.DecodeError:
        return None if theirs["malformed"] or theirs["expert"] else "tshark malformed"
    differs = [name for name, pair in _facts(ours, theirs).items() if pair[0] != pair[1]]
    if not differs:
        return None
    if len(octets) > 4096:
        return "tshark long message"
    if session.add_path:
        return "tshark ADD-PATH"
    if isinstance(ours, bgpwire.Open) and ours.extended_parameters:
        return "tshark extended OPEN"
    if ours.errors:
        return "tshark malformed"
    if isinstance(ours, bgpwire.Update):
        reach = ours.attributes.mp_reach
        if reach is not None and (int(reach.afi), int(reach.safi)) == (2, 73) and theirs["malformed"]:
            return "tshark SR Policy"
        if differs == ["nlri"] and theirs["malformed"] and (23 in ours.attributes or 40 in ours.attributes):
            return "tshark unknown TLV"
        if differs == ["asns"]:
            return "tshark AS width"
    return ", ".join(f"{name}: {_facts(ours, theirs)[name]}" for name in differs)


def _numbers(cells: list[str]) -> list[int]:
    return [int(cell, 0) for cell in cells]


def _plain(collection: Any) -> list[str]:
    return [str(nlri).partition("/")[0] for nlri in collection.values]


def _facts(ours: Any, theirs: dict[str, list[str]]) -> dict[str, tuple[Any, Any]]:
    """What both can say, side by side: ours first."""
    out: dict[str, tuple[Any, Any]] = {"type": ([ours.data[18]], _numbers(theirs["type"]))}
    if isinstance(ours, bgpwire.Open):
        out["as"] = ([ours.asn], _numbers(theirs["open"]))
        out["hold time"] = ([ours.hold_time], _numbers(theirs["hold"]))
        out["capabilities"] = (
            [capability.code for capability in ours.capabilities],
            _numbers(theirs["capabilities"]),
        )
    elif isinstance(ours, bgpwire.Notification):
        out["code"] = ([ours.code], _numbers(theirs["error"])[:1])
    elif isinstance(ours, bgpwire.Update):
        attributes = ours.attributes
        nested = 128 in attributes
        out["withdrawn"] = (_plain(ours.withdrawn), theirs["withdrawn"])
        out["nlri"] = (_plain(ours.nlri), theirs["prefixes"])
        if not nested:
            out["codes"] = ([attribute.code for attribute in attributes], _numbers(theirs["codes"]))
            out["origin"] = (
                [] if attributes.origin is None else [int(attributes.origin.value)],
                _numbers(theirs["origin"]),
            )
            out["med"] = ([] if attributes.med is None else [attributes.med], _numbers(theirs["med"]))
            out["local_pref"] = (
                [] if attributes.local_pref is None else [attributes.local_pref],
                _numbers(theirs["local_pref"]),
            )
            hop = attributes.next_hop
            out["next hop"] = ([] if hop is None else [str(hop)], theirs["next_hop"])
            path = attributes.get(2)
            asns = [] if path is None else [asn for segment in path.segments for asn in segment.asns]
            if attributes.get(17) is None:
                out["asns"] = (asns, _numbers(theirs["asn4"] + theirs["asn2"]))
        for name, field in (("mp_reach", "prefixes6"), ("mp_unreach", "withdrawn6")):
            value = getattr(attributes, name)
            if value is not None and (int(value.afi), int(value.safi)) == (2, 1) and not nested:
                out[name] = (_plain(value.nlri), theirs[field])
    return out


# --- bgpdump ---------------------------------------------------------------------------------------------------------


def bgpdump_output() -> Outcome | str:
    """``bgpdump -m`` line by line."""
    pairs = [(path, path.with_name(path.name.replace(".gz", ".bgpdump.gz"))) for path in sorted(DATA.glob("ris-*.gz"))]
    pairs = [(archive, output) for archive, output in pairs if output.is_file() and "bgpdump" not in archive.name]
    if not pairs:
        return f"no archives with bgpdump's output in {DATA}"
    agree, wrong = 0, []
    for archive, output in pairs:
        line = bgpdump.formatter()
        ours = "".join(map(line, bgpwire.mrt.open(archive).routes())).splitlines()
        theirs = gzip.decompress(output.read_bytes()).decode("latin-1").splitlines()
        same = sum(one == other for one, other in zip(ours, theirs, strict=False))
        agree += same
        wrong += [
            f"{archive.name}: {one!r} and {other!r}" for one, other in zip(ours, theirs, strict=False) if one != other
        ]
        if len(ours) != len(theirs):
            wrong.append(f"{archive.name}: {len(ours)} lines and {len(theirs)}")
    return Outcome("bgpdump -m", agree, Counter(), wrong)


# --- the samples -----------------------------------------------------------------------------------------------------

_LABELLED = ((1, 4), (2, 4))
_PLAIN = ("origin", "as_path", "med", "local_pref", "communities", "large_communities", "next_hop")


def samples() -> Outcome | str:
    """Each route whose configuration says family and prefix: it was recorded, with what was configured."""
    from bgpwire.text import jsonl

    agree, wrong = 0, []
    for path in sorted((ROOT / "samples").glob("*.expected.json")):
        document = json.loads(path.read_text("utf-8"))
        line = jsonl.formatter()
        said_labels = [(said.get("nlri") or {}).get("labels", ()) for said in document.get("routes", [])]
        # Daemons send stacks of labels without the capability that allows it, and no record says so (RFC 8277 2.1).
        stacks = _LABELLED if any(len(labels) > 1 for labels in said_labels) else ()
        recording = path.with_name(document["recording"])
        routes = bgpwire.mrt.open(recording, multiple_labels=stacks, on_skip=_pass_over).routes()
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for form in (json.loads(line(route)) for route in routes if route.type in ("A", "R")):
            found.setdefault((form.get("family", "unicast"), form.get("prefix", "")), []).append(form)
        for said in document.get("routes", []):
            prefix = said.get("prefix") or (said.get("nlri") or {}).get("prefix")
            if prefix is None or not isinstance(said.get("family"), str):
                continue
            ours = [form for (_, where), forms in found.items() if where == prefix for form in forms]
            if any(_told(form, said) for form in ours):
                agree += 1
            else:
                wrong.append(f"{path.name}: {said} and {ours[:2]}")
    return Outcome("samples", agree, Counter(), wrong)


def _community(text: str) -> int:
    """The number of a community, written by name or not."""
    return int(bgpwire.Community(text))


def _told(form: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether a recorded route has what was configured, plain members and GoBGP's attributes alike."""
    form = form | {"communities": [_community(text) for text in form.get("communities", [])]}
    for name in _PLAIN:
        if name in said:
            configured = said[name] if name != "communities" else [_community(text) for text in said[name]]
            if form.get(name) != configured:
                return False
    if "labels" in said and form.get("nlri", {}).get("labels") != said["labels"]:
        return False
    if isinstance(said.get("rd"), str) and form.get("nlri", {}).get("rd") != said["rd"]:
        return False
    for attribute in said.get("attributes", []):
        match attribute["type"]:
            case 1 if form.get("origin") != ("igp", "egp", "incomplete")[attribute["value"]]:
                return False
            case 4 if form.get("med") != attribute["metric"]:
                return False
            case 8 if form["communities"] != attribute["communities"]:
                return False
            case 3 if form.get("next_hop") != attribute["nexthop"] and not re.match(
                "0.0.0.0|::$", attribute["nexthop"]
            ):
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
