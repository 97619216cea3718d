"""GoBGP's own tests of BMP: the octets that they hand to its decoder, and the JSON that it makes of them.

Each is compared by the fields that GoBGP shows: headers, addresses and ports, both OPENs with their capabilities,
NOTIFICATIONs, TLVs, statistics; of an UPDATE the prefixes, and the codes of the attributes, whose values are compared
by themselves (tests/unit/message).
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import bgpwire
from oracle import ORACLES, Outcome
from oracle.bmp import SETTLED, differences

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = ORACLES / "gobgp_expected.jsonl"


def lines() -> list[dict[str, Any]]:
    """The vectors that are BMP; none where the file is not there."""
    if not _FILE.is_file():
        return []
    found = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines()]
    return [line for line in found if line["kind"] == "bmp"]


def gobgp_bmp() -> Outcome | str:
    """All of them."""
    if not lines():
        return f"no vectors of BMP in {ORACLES}"
    agree, reasons, wrong = 0, Counter[str](), []
    for line in lines():
        why = compared(line)
        if not why:
            agree += 1
        elif why in SETTLED:
            reasons[why] += 1
        else:
            wrong.append(f"{line['test']}: {why}")
    return Outcome("BMP, GoBGP's tests", agree, reasons, wrong)


def compared(line: dict[str, Any], package: Any = bgpwire) -> str:
    """How the two differ: nothing, a key of :data:`oracle.bmp.SETTLED`, or what does."""
    # Nothing in the octets says that NLRI have path identifiers: the test does.
    families = {(1, 1)} if line["test"].endswith("AddPath") else ()

    def session(header: Any) -> Any:
        return package.Session(asn4=header.asn4, add_path=families, extended_message=True)

    try:
        message = package.bmp.decode_bmp(bytes.fromhex(line["hex"]), session)
    except package.BmpError as error:
        return "" if line["err"] else str(error)
    if line["err"]:
        return f"GoBGP says {line['err']}"
    return "; ".join(differences(*_pair(message, json.loads(line["json"]))))


def _pair(message: Any, said: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both say of a message, ours first: members of the same names."""
    head, body = said["Header"], said["Body"]
    ours: dict[str, Any] = {"version": message.version, "length": len(message), "type": message.type}
    theirs: dict[str, Any] = {"version": head["Version"], "length": head["Length"], "type": head["Type"]}
    if message.peer is not None:
        ours["peer"], theirs["peer"] = _peers(message.peer, said["PeerHeader"])
    for name, (mine, other) in _bodies(message, body):
        ours[name], theirs[name] = mine, other
    return ours, theirs


def _peers(header: Any, said: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    address = "" if header.address is None else str(header.address)
    time = header.seconds + header.microseconds / 1e6
    ours = [header.type, header.flags, int.from_bytes(header.distinguisher), address, header.asn, str(header.bgp_id)]
    names = ("PeerType", "Flags", "PeerDistinguisher", "PeerAddress", "PeerAS", "PeerBGPID")
    return [*ours, time], [*(said[name] for name in names), float(said["Timestamp"])]


def _bodies(message: Any, body: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Pairs, ours first, by name."""
    match message.name:
        case "initiation" | "termination":
            yield "tlvs", (_tlvs(message.information), _told(body["Info"]))
        case "peer_up":
            ours = [str(message.local_address), message.local_port, message.remote_port]
            yield "ends", (ours, [body[name] for name in ("LocalAddress", "LocalPort", "RemotePort")])
            yield "sent", _opens(message.sent, body["SentOpenMsg"])
            yield "received", _opens(message.received, body["ReceivedOpenMsg"])
            yield "tlvs", (_tlvs(message.information), _told(body.get("Info")))
        case "peer_down":
            yield "reason", (message.reason, body["Reason"])
            event = None if message.event is None else base64.b64encode(message.event.to_bytes(2)).decode()
            yield "data", (event, body["Data"])
            yield "tlvs", (_tlvs(message.information), _told(body["Info"]))
            notification, said = message.notification, body["BGPNotification"]
            codes = None if notification is None else [notification.code, notification.subcode]
            other = None if said is None else [said["Body"]["ErrorCode"], said["Body"]["ErrorSubcode"]]
            yield "notification", (codes, other)
        case "statistics_report":
            yield "count", (len(message.statistics), body["Count"])
            mine = [[one.type, len(one.data), _numbers(one.family), one.value] for one in message.statistics]
            other = [[one["Type"], one["Length"], _family(one), one["Value"]] for one in body["Stats"]]
            yield "statistics", (mine, other)
        case "route_monitoring":
            yield from _updates(message.message, body["BGPUpdate"]["Body"])
        case "route_mirroring":
            mine = [[tlv.type, len(tlv.data)] for tlv in message.tlvs]
            yield "tlvs", (mine, [[tlv["Type"], tlv["Length"]] for tlv in body["Info"]])
            yield "codes", ([*message.information], [tlv["Value"] for tlv in body["Info"] if tlv["Type"] == 1])
            opens = [tlv["Value"] for tlv in body["Info"] if tlv["Type"] == 0]
            for number, pair in enumerate(zip(message.messages, opens, strict=True)):
                yield f"message {number}", _opens(*pair)


def _tlvs(found: Any) -> list[Any]:
    """Type, length and value; the octets in base64 of what has no name, the number of a reason."""
    return [[tlv.type, len(tlv.data), _value(tlv)] for tlv in found]


def _value(tlv: Any) -> Any:
    if tlv.name == "reason":
        return int.from_bytes(tlv.data)
    return base64.b64encode(tlv.data).decode() if tlv.name is None else tlv.value


def _told(said: Any) -> list[Any]:
    return [[tlv["Type"], tlv["Length"], tlv["Value"]] for tlv in said or []]


def _numbers(family: Any) -> list[int]:
    return [] if family is None else [int(family.afi), int(family.safi)]


def _family(said: dict[str, Any]) -> list[int]:
    return [said["AFI"], said["SAFI"]] if "AFI" in said else []


def _opens(message: Any, said: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    body = said["Body"]
    ours = [message.version, message.asn, message.hold_time, str(message.bgp_id)]
    theirs = [body[name] for name in ("Version", "MyAS", "HoldTime", "ID")]
    capabilities = [one for parameter in body["OptParams"] or [] for one in parameter["Capability"]]
    return [*ours, *map(_capability, message.capabilities)], [*theirs, *map(_capability_told, capabilities)]


def _capability(one: Any) -> list[Any]:
    match one.code:
        case 1:
            return [1, _number(one.family)]
        case 64:
            return [64, one.flags, one.time, [[_number(family), flags] for family, flags in one.families]]
        case 65:
            return [65, one.asn]
        case 69:
            return [69, [[_number(family), mode] for family, mode in one.families]]
    return [one.code]


def _capability_told(said: dict[str, Any]) -> list[Any]:
    match said["code"]:
        case 64:
            tuples = [[one["route_family"], one["flags"]] for one in said["tuples"]]
            return [64, said["flags"], said["time"], tuples]
        case 69:
            return [69, [[one["family"], one["mode"]] for one in said["tuples"]]]
    return [*said.values()]


def _number(family: Any) -> int:
    return int(family.afi) << 16 | int(family.safi)


def _updates(message: Any, said: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, ours, theirs in (("withdrawn", message.withdrawn, "WithdrawnRoutes"), ("nlri", message.nlri, "NLRI")):
        mine = [[str(one).partition(" ")[0], one.path_id or 0] for one in ours]
        yield name, (mine, [[one["NLRI"]["prefix"], one.get("ID", 0)] for one in said[theirs] or []])
    yield "attributes", ([one.code for one in message.attributes], [one["type"] for one in said["PathAttributes"]])
