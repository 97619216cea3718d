"""What tshark shows of the messages of samples and vectors."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import bgpwire
from oracle import ROOT, SETTLED, Outcome, pass_over

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
        path.write_bytes(pcap([octets for octets, _ in messages]))
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


def _messages() -> list[tuple[bytes, bgpwire.Session]]:
    """Each message of the samples once, and the vectors that are messages."""
    found: dict[bytes, bgpwire.Session] = {}
    for path in sorted((ROOT / "samples").glob("*.mrt")):
        for message in bgpwire.mrt.open(path, on_skip=pass_over).messages():
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


def pcap(messages: list[bytes]) -> bytes:
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
