"""What tshark shows of the captures, message by message.

Headers, both ends and both OPENs of a Peer Up, reasons, statistics, TLVs; of an UPDATE each prefix, announced and
withdrawn, with its labels and route distinguisher, the next hops, and flags and codes of the attributes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any

import bgpwire
from bgpwire.bmp.header import FILTERED
from oracle import Outcome
from oracle.bmp import FOLDER, SETTLED, captures, differences, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

settled(
    tshark_version_4="draft-ietf-grow-bmp-tlv 4: version 4 has TLVs in all messages; tshark 4.0 reads version 3 alone",
    tshark_VPN_IPv6="RFC 4364 4.2: a distinguisher of type 2 has an AS of 4 octets; tshark 4.0 prints a format string",
    tshark_Loc_RIB="RFC 9069 4.1, 4.2: a Loc-RIB has no address, and its flag 0x80 is F; tshark 4.0 reads an IPv6 one",
)

_REACH = "bgp.update.path_attribute.mp_reach_nlri"
_UNREACH = "bgp.update.path_attribute.mp_unreach_nlri"
_NOT_SHOWN = "not shown"
_INLINE = re.compile(r"Label Stack=(.*?)\s+RD=(\S+), IPv[46]=(\S+)")


def tshark_bmp() -> Outcome | str:
    """All captures."""
    program = shutil.which("tshark")
    if program is None:
        return "tshark is not installed"
    if not captures():
        return f"no captures in {FOLDER}"
    agree, reasons, wrong = 0, Counter[str](), []
    for path in captures():
        for number, why in _compared(program, path):
            if not why:
                agree += 1
            elif why in SETTLED:
                reasons[why] += 1
            else:
                wrong.append(f"{path.name}, message {number}: {why}")
    return Outcome("BMP, tshark", agree, reasons, wrong)


def _compared(program: str, path: Path) -> Iterator[tuple[int, str]]:
    source = bgpwire.bmp.open(path)
    ours = list(source.records())
    shown = _pdml(program, path, {flow.destination_port for flow in source.monitors if flow is not None})
    if all(message.version == 4 for message in ours):
        yield from ((number, "tshark version 4") for number in range(len(ours)))
        return
    if len(ours) != len(shown):
        yield 0, f"{len(ours)} messages, {len(shown)} of tshark's"
    for number, (message, tree) in enumerate(zip(ours, shown, strict=False)):
        found = [*differences(dict(_own(message)), dict(_told(tree)))]
        yield number, _reason(message, found) or "; ".join(found)


def _reason(message: Any, found: list[str]) -> str | None:
    """Why all of the differences are settled."""
    if found and all(one.endswith(repr(_NOT_SHOWN)) for one in found):
        return "tshark VPN IPv6"
    if message.peer is not None and message.peer.flags == FILTERED and message.peer.rib == "loc-rib":
        return "tshark Loc RIB" if found and all(one.endswith("'0.0.0.0' and '::'") for one in found) else None
    return None


def _pdml(program: str, path: Path, ports: set[int]) -> list[ET.Element]:
    """Each message of BMP that it finds, in order."""
    ways = [word for port in sorted(ports) for word in ("-d", f"tcp.port=={port},bmp")]
    done = subprocess.run([program, "-r", str(path), *ways, "-T", "pdml"], capture_output=True, check=True)
    return [tree for tree in ET.fromstring(done.stdout).iter("proto") if tree.get("name") == "bmp"]


# --- ours ----------------------------------------------------------------------------------------------------------


def _own(message: Any) -> Iterator[tuple[str, Any]]:
    yield "head", [message.version, len(message), message.type]
    peer = message.peer
    if peer is not None:
        address = "0.0.0.0" if peer.address is None else str(peer.address)
        yield "peer", [peer.type, peer.flags, peer.distinguisher.hex(), address, peer.asn, str(peer.bgp_id)]
        yield "time", [peer.seconds, peer.microseconds]
    match message.name:
        case "initiation":
            yield "information", [[tlv.type, tlv.value] for tlv in message.information]
        case "peer_up":
            local = "0.0.0.0" if message.local_address is None else str(message.local_address)
            yield "ends", [local, message.local_port, message.remote_port]
            yield "opens", [_open(one) for one in (message.sent, message.received)]
        case "peer_down":
            yield "reason", message.reason
            notification = message.notification
            yield "notification", None if notification is None else [notification.code, notification.subcode]
        case "statistics_report":
            yield "statistics", [[one.type, _family(one.family), one.value] for one in message.statistics]
        case "route_monitoring":
            yield from _update(message.message)


def _open(message: Any) -> list[Any]:
    codes = [capability.code for capability in message.capabilities]
    return [message.version, message.asn, message.hold_time, str(message.bgp_id), codes]


def _family(family: Any) -> list[int]:
    return [] if family is None else [int(family.afi), int(family.safi)]


def _update(update: Any) -> Iterator[tuple[str, Any]]:
    yield "withdrawn", [str(prefix) for prefix in update.withdrawn]
    yield "nlri", [str(prefix) for prefix in update.nlri]
    yield "attributes", [[attribute.flags, attribute.code] for attribute in update.attributes]
    for name, value in (("reach", update.attributes.mp_reach), ("unreach", update.attributes.mp_unreach)):
        if value is None:
            continue
        yield name, [_family(value), [_nlri(nlri.json(), name) for nlri in value.nlri]]
        if name == "reach":
            hop = value.json()["next_hop"]
            yield "next hop", [hop["address"], hop["link_local"]] if isinstance(hop, dict) else [hop]


def _nlri(form: Any, name: str) -> list[Any]:
    """Labels (of withdrawn routes they say nothing, RFC 8277 section 2.4), distinguisher, prefix; EVPN by its parts."""
    if isinstance(form, str):
        return [[], None, form]
    if "esi" in form:
        return [form["type"], form["rd"], form["ethernet_tag"], form["esi"]["value"], form["label"]["label"]]
    return [form["labels"] if name == "reach" else [], form.get("rd"), form["prefix"]]


# --- theirs --------------------------------------------------------------------------------------------------------


def _told(tree: ET.Element) -> Iterator[tuple[str, Any]]:
    kind = _number(tree, "bmp.type")
    yield "head", [_number(tree, "bmp.version"), _number(tree, "bmp.length"), kind]
    if kind not in (4, 5):
        yield "peer", _peer(tree)
        yield "time", [_number(tree, "bmp.peer.timestamp.sec"), _number(tree, "bmp.peer.timestamp.msec")]
    bgp = tree.findall("proto[@name='bgp']")
    match kind:
        case 4:
            types = [one for one in tree.iter("field") if one.get("name") == "bmp.init.type"]
            yield "information", [[int(one.get("show", "")), _show(one, "bmp.init.info")] for one in types]
        case 3:
            address = _show(tree, "bmp.peer.up.ip.addr", "bmp.peer.up.ipv6.addr")
            yield "ends", [address, _number(tree, "bmp.peer.up.port.local"), _number(tree, "bmp.peer.up.port.remote")]
            yield "opens", [_open_told(one) for one in bgp[:2]]
        case 2:
            yield "reason", _number(tree, "bmp.peer.down.reason")
            codes = (
                [_number(bgp[0], "bgp.notify.major_error"), _number(bgp[0], "bgp.notify.minor_error_cease")]
                if bgp
                else None
            )
            yield "notification", codes
        case 1:
            yield "statistics", [_statistic(one) for one in tree.iter("field") if one.get("name") == "bmp.stats.type"]
        case 0:
            yield from _update_told(bgp[0])


def _all(tree: ET.Element, *names: str) -> list[str]:
    return [one.get("show", "") for one in tree.iter("field") if one.get("name") in names]


def _show(tree: ET.Element, *names: str) -> str:
    found = _all(tree, *names)
    if not found:
        raise KeyError(f"{names} in {ET.tostring(tree)[:900]!r}")
    return found[0]


def _number(tree: ET.Element, name: str) -> int:
    return int(_show(tree, name), 0)


def _peer(tree: ET.Element) -> list[Any]:
    distinguisher = _show(tree, "bmp.peer.distinguisher").replace(":", "")
    address = _show(tree, "bmp.peer.ip.addr", "bmp.peer.ipv6.addr")
    kind, flags = _number(tree, "bmp.peer.type"), int(_show(tree, "bmp.peer.flags", "bmp.peer.flags.loc_rib"), 0)
    return [kind, flags, distinguisher, address, _number(tree, "bmp.peer.asn"), _show(tree, "bmp.peer.id")]


def _open_told(tree: ET.Element) -> list[Any]:
    numbers = [_number(tree, f"bgp.open.{name}") for name in ("version", "myas", "holdtime")]
    return [*numbers, _show(tree, "bgp.open.identifier"), [int(code) for code in _all(tree, "bgp.cap.type")]]


def _statistic(tree: ET.Element) -> list[Any]:
    """The value by its octets; of a family behind that."""
    octets = bytes.fromhex(_show(tree, "bmp.stats.data").replace(":", ""))
    of_family = _all(tree, "bmp.stats.data.routes_per_loc_rib")
    if of_family:
        families = [_number(tree, f"bmp.stats.data.routes_per_loc_rib.{name}") for name in ("afi", "safi")]
        return [int(tree.get("show", "")), families, int(of_family[0])]
    return [int(tree.get("show", "")), [], int.from_bytes(octets)]


def _update_told(tree: ET.Element) -> Iterator[tuple[str, Any]]:
    for name, field in (("withdrawn", "bgp.update.withdrawn_routes"), ("nlri", "bgp.update.nlri")):
        found = tree.find(f"field[@name='{field}']")
        yield name, [] if found is None else [one.get("show") for one in found.findall("field[@name='']")]
    flags = [int(text, 0) for text in _all(tree, "bgp.update.path_attribute.flags")]
    codes = [int(text) for text in _all(tree, "bgp.update.path_attribute.type_code")]
    yield "attributes", [list(pair) for pair in zip(flags, codes, strict=True)]
    for name, field in (("reach", _REACH), ("unreach", _UNREACH)):
        if not _all(tree, f"{field}.afi"):
            continue
        family = [_number(tree, f"{field}.afi"), _number(tree, f"{field}.safi")]
        part = next((one for one in tree.iter("field") if one.get("name") == field), ())
        yield name, [family, [_nlri_told(one, name) for one in part]]
        if name == "reach":
            hops = ("ipv4", "ipv6", "ipv6.link_local")
            yield "next hop", _all(tree, *(f"{field}.next_hop.{hop}" for hop in hops))


def _nlri_told(tree: ET.Element, name: str) -> list[Any]:
    """tshark counts the bits of labels and distinguisher in the length."""
    if tree.get("name") == "bgp.evpn.nlri":
        text = next(one.get("showname", "") for one in tree if one.get("name") == "bgp.evpn.nlri.rd")
        kind, tag, label = (_number(tree, f"bgp.evpn.nlri.{one}") for one in ("rt", "etag", "mpls_ls1"))
        return [kind, text.rpartition("(")[2].rstrip(")"), tag, _show(tree, "bgp.evpn.nlri.esi"), label]
    inline = _INLINE.search(tree.get("showname", ""))
    if inline is not None:
        return [_labels(inline[1], name), inline[2], inline[3]]
    if "%" in tree.get("show", ""):
        return [_labels(tree.get("showname", ""), name), _NOT_SHOWN, _NOT_SHOWN]
    labels = _labels(" ".join(_all(tree, "bgp.label_stack")), name)
    rd = next(iter(_all(tree, "bgp.rd")), None)
    prefix = _show(tree, *(f"bgp.mp_{name}_nlri_ipv{version}_prefix" for version in (4, 6)))
    bits = (
        int(_show(tree, "bgp.prefix_length", "bgp.mp_unreach_nlri_prefix_length"))
        - 24 * len(_all(tree, "bgp.label_stack"))
        - (0 if rd is None else 64)
    )
    return [labels, rd, f"{prefix}/{bits}"]


def _labels(text: str, name: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)] if name == "reach" else []
