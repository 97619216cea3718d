"""NetGauze's JSON of the captures, message by message and field by field.

``NAME.pcap`` has BMP, ``NAME.bmp.json.gz`` what NetGauze makes of it: one message a line, in the same order. Its words
are put into those of bgpwire's JSON (here, and in netgauze_update.py), and the two trees must be the same: each member
of the headers, of both OPENs, of every path attribute and NLRI, of the statistics and of the TLVs.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import bgpwire
from oracle import Outcome
from oracle.bmp import FOLDER, SETTLED, captures, differences, records, settled, without
from oracle.bmp.netgauze_update import FAMILIES, capability, distinguisher, opened, single, updated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DERIVED = frozenset(
    ("name", "length", "extended_length", "raw", "effective_asn", "errors", "code_name", "subcode_name")
)
"""Members of bgpwire's JSON that repeat what others say, or say what it thinks of it."""
_REPORTED = frozenset(("AS 0", "BGP identifier 0.0.0.0", "NEXT_HOP 0.0.0.0"))
"""What bgpwire reports in these captures, and goes on reading: NetGauze has no place for it."""

settled(
    netgauze_OPEN="RFC 6286 2.1: identifier 0, in OPENs that FRR 8 makes up, is an error of the OPEN: reported, and "
    "the Peer Up around it is read; NetGauze refuses all of it",
)

_STATISTICS = {
    "NumberOfDuplicatePrefixAdvertisements": 1,
    "NumberOfDuplicateWithdraws": 2,
    "NumberOfUpdatesInvalidatedDueToAsPathLoop": 4,
    "NumberOfRoutesInAdjRibIn": 7,
    "NumberOfRoutesInLocRib": 8,
    "NumberOfRoutesInPerAfiSafiLocRib": 10,
}
_INFORMATION = {"String": 0, "SystemDescription": 1, "SystemName": 2, "VrfTableName": 3}
_TYPES = {
    "GlobalInstancePeer": "global_instance",
    "RdInstancePeer": "rd_instance",
    "LocRibInstancePeer": "loc_rib_instance",
}
_NOTIFICATIONS = {"CeaseError": (6, {"AdministrativeReset": 4})}


def netgauze() -> Outcome | str:
    """All captures."""
    if not captures():
        return f"no captures in {FOLDER}"
    agree, reasons, wrong = 0, Counter[str](), []
    for path in captures():
        for number, reason in compared(path):
            if not reason:
                agree += 1
            elif reason in SETTLED:
                reasons[reason] += 1
            else:
                wrong.append(f"{path.name}, message {number}: {reason}")
    return Outcome("BMP, NetGauze", agree, reasons, wrong)


def compared(path: Path, package: Any = bgpwire) -> Iterator[tuple[int, str]]:
    """Of each message its number and how the two differ: nothing, a key of :data:`oracle.bmp.SETTLED`, or what does."""
    lines = gzip.decompress(path.with_suffix(".bmp.json.gz").read_bytes()).decode().splitlines()
    theirs = [json.loads(line) for line in lines if line.strip()]
    ours = records(path, package)
    if len(ours) != len(theirs):
        yield 0, f"{len(ours)} messages, {len(theirs)} of NetGauze's"
    for number, (message, said) in enumerate(zip(ours, theirs, strict=False)):
        yield number, _difference(message, said)


def _difference(message: Any, said: dict[str, Any]) -> str:
    if "BmpMessageParsingError" in said:
        return _refused(message, said)
    try:
        theirs = told(said)
    except KeyError as error:
        return f"NetGauze's {error} is not known here: {said}"
    reported = {*_reasons(message)} - _REPORTED
    found = [*differences(own(message), theirs), *sorted(reported)]
    return "; ".join(found)


def _refused(message: Any, said: dict[str, Any]) -> str:
    """It does not read the message: an OPEN whose BGP identifier is 0."""
    opens = () if message.name != "peer_up" or message.errors else (message.sent, message.received)
    if "InvalidBgpId" in str(said) and opens and all("BGP identifier 0.0.0.0" in {*_reasons(one)} for one in opens):
        return "netgauze OPEN"
    return f"NetGauze says {said}"


def _reasons(message: Any) -> Iterator[str]:
    """What bgpwire reports of a message, and of those in it."""
    for one in (message, *(getattr(message, name, None) for name in ("message", "sent", "received", "notification"))):
        yield from (error.reason for error in getattr(one, "errors", ()))


def own(message: Any) -> dict[str, Any]:
    """bgpwire's JSON of a message, without what is derived; attributes that NetGauze does not know as octets, and the
    TLVs of Route Monitoring, which each revision of the draft numbers anew, by name."""
    found: dict[str, Any] = without(message.json(), _DERIVED)
    if message.name == "route_monitoring":
        if message.tlvs:
            found["tlvs"] = [
                {"index": tlv.index, tlv.name: without(tlv.json(), _DERIVED)["value"]} for tlv in message.tlvs
            ]
        for form, attribute in zip(found["message"]["attributes"], message.message.attributes, strict=True):
            if form["code"] == 39:
                form["value"] = bytes(attribute.data).hex()
    return found


def told(said: dict[str, Any]) -> dict[str, Any]:
    """NetGauze's JSON of a message in bgpwire's words."""
    version, inner = single(said)
    kind, form = single(inner)
    out: dict[str, Any] = {"version": {"V3": 3, "V4": 4}[version]}
    if "peer_header" in form:
        out["peer"] = _peer(form["peer_header"])
    match kind:
        case "Initiation":
            return out | {"type": "initiation", "information": _information(form["information"])}
        case "PeerUpNotification":
            return out | _peer_up(form)
        case "PeerDownNotification":
            return out | {"type": "peer_down"} | _down(form["reason"])
        case "StatisticsReport":
            return out | {"type": "statistics_report", "statistics": [_statistic(one) for one in form["counters"]]}
        case "RouteMonitoring":
            if version == "V3":
                return out | {"type": "route_monitoring", "message": updated(form["update_message"])}
            pdu = form["update_pdu"]
            tlvs = [{"index": one["index"], **_tlv(*single(one["value"]))} for one in form["tlvs"]]
            return out | {"type": "route_monitoring", "message": updated(pdu["value"]["BgpUpdate"]), "tlvs": tlvs}
    raise KeyError(kind)


def _peer(form: dict[str, Any]) -> dict[str, Any]:
    kind, bits = single(form["peer_type"])
    out: dict[str, Any] = {"type": _TYPES[kind]}
    if kind == "LocRibInstancePeer":
        out |= {"rib": "loc-rib", "flags": ["filtered"] if bits["filtered"] else []}
    else:
        side = f"{'out' if bits['adj_rib_out'] else 'in'}-{'post' if bits['post_policy'] else 'pre'}"
        names = (
            ("ipv6", "ipv6"),
            ("post_policy", "post_policy"),
            ("asn2", "as_path_of_2_octets"),
            ("adj_rib_out", "adj_rib_out"),
        )
        out |= {"rib": f"adj-rib-{side}", "flags": [ours for theirs, ours in names if bits[theirs]]}
    if form["rd"] is not None:
        text = distinguisher(form["rd"])
        out["distinguisher"] = text if kind == "RdInstancePeer" else str(bytes(bgpwire.RouteDistinguisher(text)).hex())
    if form["address"] is not None:
        out["address"] = form["address"]
    out |= {"asn": form["peer_as"], "bgp_id": form["bgp_id"]}
    when = datetime.fromisoformat(form["timestamp"])
    return out | {"timestamp": float(f"{int(when.timestamp())}.{when.microsecond:06}")}


def _peer_up(form: dict[str, Any]) -> dict[str, Any]:
    """Addresses and ports that are 0 (RFC 9069 section 4.4) are ``null`` there."""
    out: dict[str, Any] = {
        "type": "peer_up",
        "local_port": form["local_port"] or 0,
        "remote_port": form["remote_port"] or 0,
        "sent": opened(form["sent_message"]),
        "received": opened(form["received_message"]),
    }
    if form["local_address"] is not None:
        out["local_address"] = form["local_address"]
    return out | {"information": _information(form["information"])} if form["information"] else out


def _information(tlvs: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"type": _INFORMATION[name], "value": value} for name, value in map(single, tlvs)]


def _down(reason: Any) -> dict[str, Any]:
    if reason == "RemoteSystemClosedNoData":
        return {"reason": "remote_no_notification"}
    name, value = single(reason)
    whose = {
        "LocalSystemClosedNotificationPduFollows": "local_notification",
        "RemoteSystemClosedNotificationPduFollows": "remote_notification",
    }
    error, inner = single(value["Notification"])
    code, subcodes = _NOTIFICATIONS[error]
    subcode, data = single(inner)
    notification: dict[str, Any] = {"type": "notification", "code": code, "subcode": subcodes[subcode]}
    if data["value"]:
        notification["data"] = bytes(data["value"]).hex()
    return {"reason": whose[name], "notification": notification}


def _statistic(tree: dict[str, Any]) -> dict[str, Any]:
    name, value = single(tree)
    out: dict[str, Any] = {"type": _STATISTICS[name]}
    if isinstance(value, list):
        family, value = value
        out["family"] = "-".join(FAMILIES[family])
    return out | {"value": value}


def _tlv(name: str, value: Any) -> dict[str, Any]:
    if name == "VrfTableName":
        return {"vrf_table_name": value}
    if name == "StatelessParsing":
        return {"stateless_parsing": capability(value)}
    raise KeyError(name)
