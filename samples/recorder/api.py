"""Recordings of the families that only GoBGP's gRPC interface can announce: SR Policy, RTC, tunnels, SRv6 services."""

import base64
import json
import subprocess
import sys
import time
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from . import gobgp_api
from .lab import Lab, RecordingError
from .scenarios import Route, Speaker, save, scenario
from .sessions import Neighbour, gobgp, wait_up

IPV4, IPV6, L2VPN = (1, 2, 25)
HOP4, HOP6 = "192.0.2.2", "2001:db8::2"


def octets(text: str) -> str:
    """Hex digits or an IP address as JSON for protobuf writes octets: base64."""
    raw = ip_address(text).packed if "." in text or ":" in text else bytes.fromhex(text)
    return base64.b64encode(raw).decode()


def typed(name: str, **members: Any) -> dict[str, Any]:
    """A value of one of the interface's types."""
    return {"@type": f"type.googleapis.com/apipb.{name}", **members}


def path(afi: int, safi: int, nlri: dict[str, Any], *attributes: dict[str, Any], hop: str = HOP4) -> Route:
    """One path: family, NLRI, ORIGIN, next hop and further attributes."""
    first = [typed("OriginAttribute", origin=0)]
    if (afi, safi) == (IPV4, 1):
        first.append(typed("NextHopAttribute", nextHop=hop))
    else:
        reach = typed("MpReachNLRIAttribute", family={"afi": afi, "safi": safi}, nextHops=[hop], nlris=[nlri])
        first.append(reach)
    return {"family": {"afi": afi, "safi": safi}, "nlri": nlri, "pattrs": [*first, *attributes]}


def communities(*values: dict[str, Any]) -> dict[str, Any]:
    """The extended communities attribute."""
    return typed("ExtendedCommunitiesAttribute", communities=list(values))


def tunnel(kind: int, *values: dict[str, Any]) -> dict[str, Any]:
    """The tunnel encapsulation attribute with one tunnel."""
    return typed("TunnelEncapAttribute", tlvs=[{"type": kind, "tlvs": list(values)}])


def unknown(kind: int, flags: int, value: str) -> dict[str, Any]:
    """An attribute given as octets."""
    return typed("UnknownAttribute", type=kind, flags=flags, value=octets(value))


RT = typed("TwoOctetAsSpecificExtended", isTransitive=True, subType=2, asn=64500, localAdmin=1)
RT_IP = typed("IPv4AddressSpecificExtended", isTransitive=True, subType=2, address="192.0.2.9", localAdmin=2)
RT_AS4 = typed("FourOctetAsSpecificExtended", isTransitive=True, subType=2, asn=65551, localAdmin=3)
RD = typed("RouteDistinguisherTwoOctetASN", admin=64500, assigned=1)


def policy(afi: int, endpoint: str, color: int, distinguisher: int, *values: dict[str, Any]) -> Route:
    """One SR Policy candidate path."""
    bits = 96 if afi == IPV4 else 192
    nlri = typed("SRPolicyNLRI", length=bits, distinguisher=distinguisher, color=color, endpoint=octets(endpoint))
    return path(afi, 73, nlri, communities(RT_IP), tunnel(15, *values), hop=HOP4 if afi == IPV4 else HOP6)


def segments(weight: int, *values: dict[str, Any]) -> dict[str, Any]:
    """One segment list."""
    return typed("TunnelEncapSubTLVSRSegmentList", weight={"weight": weight}, segments=list(values))


BEHAVIOUR = {"behavior": "END_DT46", "blockLen": 40, "nodeLen": 24, "funcLen": 16, "argLen": 0}
MPLS = [typed("SegmentTypeA", flags={"sFlag": True}, label=label) for label in (16001, 16002, 16003)]
SRV6 = [
    typed("SegmentTypeB", flags={"vFlag": True}, sid=octets("2001:db8:5:1::1")),
    typed("SegmentTypeB", flags={"bFlag": True}, sid=octets("2001:db8:5:2::1"), endpointBehaviorStructure=BEHAVIOUR),
]
PREFERENCE = typed("TunnelEncapSubTLVSRPreference", flags=0, preference=200)
PRIORITY = typed("TunnelEncapSubTLVSRPriority", priority=7)
NAME = typed("TunnelEncapSubTLVSRCandidatePathName", candidatePathName="gold-path")
ENLP = typed("TunnelEncapSubTLVSRENLP", flags=0, enlp="Type3")


def binding(name: str, **members: Any) -> dict[str, Any]:
    """A binding SID sub-TLV."""
    return typed("TunnelEncapSubTLVSRBindingSID", bsid=typed(name, **members))


SR_POLICY: list[Route] = [
    policy(IPV4, "192.0.2.9", 100, 1, PREFERENCE, segments(1, *MPLS)),
    policy(
        IPV4,
        "192.0.2.9",
        200,
        2,
        PREFERENCE,
        binding("SRBindingSID", sFlag=True, sid=octets("03e81000")),
        PRIORITY,
        NAME,
        ENLP,
        segments(10, *MPLS[:2]),
        segments(20, MPLS[2]),
    ),
    policy(IPV4, "0.0.0.0", 300, 3, PREFERENCE, segments(1, *SRV6)),
    policy(
        IPV6,
        "2001:db8::9",
        100,
        1,
        PREFERENCE,
        binding("SRv6BindingSID", sid=octets("2001:db8:b::1"), endpointBehaviorStructure=BEHAVIOUR),
        NAME,
        segments(1, *SRV6),
    ),
]

STRUCTURE = typed("SRv6StructureSubSubTLV", locatorBlockLength=40, locatorNodeLength=24, functionLength=16)


def srv6(kind: str, sid: str, behaviour: int) -> dict[str, Any]:
    """A Prefix-SID attribute with one SRv6 service."""
    information = typed(
        "SRv6InformationSubTLV",
        sid=octets(sid),
        flags={},
        endpointBehavior=behaviour,
        subSubTlvs={"1": {"tlv": [STRUCTURE]}},
    )
    return typed("PrefixSID", tlvs=[typed(kind, subTlvs={"1": {"tlv": [information]}})])


def prefix(text: str) -> dict[str, Any]:
    """A unicast NLRI."""
    address, length = text.split("/")
    return typed("IPAddressPrefix", prefix=address, prefixLen=int(length))


def target(asn: int, value: dict[str, Any]) -> Route:
    """A route target membership."""
    return path(IPV4, 132, typed("RouteTargetMembershipNLRI", asn=asn, rt=value))


VPN_PREFIX = typed("LabeledVPNIPAddressPrefix", labels=[100], rd=RD, prefixLen=24, prefix="10.25.0.0")
VPN_PREFIX6 = typed("LabeledVPNIPAddressPrefix", labels=[3], rd=RD, prefixLen=48, prefix="2001:db8:25::")
EVPN_MAC = typed(
    "EVPNMACIPAdvertisementRoute",
    rd=RD,
    esi={"type": 0, "value": octets("00" * 9)},
    macAddress="02:00:5e:00:00:0a",
    ipAddress="10.25.0.10",
    labels=[1000],
)

SERVICES: list[Route] = [
    path(IPV4, 128, VPN_PREFIX, communities(RT, RT_AS4), srv6("SRv6L3ServiceTLV", "2001:db8:5:1:1::", 19), hop=HOP6),
    path(IPV6, 128, VPN_PREFIX6, communities(RT), srv6("SRv6L3ServiceTLV", "2001:db8:5:1:2::", 18), hop=HOP6),
    path(
        L2VPN,
        70,
        EVPN_MAC,
        communities(
            RT,
            typed("MacMobilityExtended", isSticky=True, sequenceNum=42),
            typed("ESILabelExtended", isSingleActive=True, label=400),
            typed("ESImportRouteTarget", esImport="02:00:5e:00:00:ff"),
            typed("DefaultGatewayExtended"),
        ),
        hop=HOP6,
    ),
    path(
        IPV4,
        7,
        typed("EncapsulationNLRI", address="192.0.2.9"),
        tunnel(
            2,
            typed("TunnelEncapSubTLVEncapsulation", key=7, cookie=octets("c0ffee")),
            typed("TunnelEncapSubTLVProtocol", protocol=0x0800),
            typed("TunnelEncapSubTLVColor", color=100),
        ),
    ),
    path(
        IPV4,
        1,
        prefix("10.25.1.0/24"),
        tunnel(
            8,
            typed("TunnelEncapSubTLVEgressEndpoint", address="192.0.2.9"),
            typed("TunnelEncapSubTLVUDPDestPort", port=4789),
            typed("TunnelEncapSubTLVUnknown", type=200, value=octets("0102030405")),
        ),
    ),
    path(IPV4, 1, prefix("10.25.2.0/24"), communities(typed("LinkBandwidthExtended", asn=64500, bandwidth=1.25e9))),
    path(
        IPV4,
        1,
        prefix("10.25.3.0/24"),
        typed("PmsiTunnelAttribute", flags=1, type=6, label=100, id=octets("192.0.2.9")),
    ),
    path(
        IPV4,
        1,
        prefix("10.25.4.0/24"),
        typed(
            "AigpAttribute",
            tlvs=[typed("AigpTLVIGPMetric", metric=1000), typed("AigpTLVUnknown", type=9, value=octets("00ff"))],
        ),
    ),
    path(
        IPV4,
        1,
        prefix("10.25.5.0/24"),
        typed(
            "IP6ExtendedCommunitiesAttribute",
            communities=[
                typed("IPv6AddressSpecificExtended", isTransitive=True, subType=2, address="2001:db8::9", localAdmin=7)
            ],
        ),
    ),
    path(IPV4, 1, prefix("10.25.6.0/24"), unknown(35, 0xC0, "0000fbf4")),
    path(IPV4, 1, prefix("10.25.7.0/24"), unknown(40, 0xC0, "01000700000000000065" + "03000800003e80001f40")),
    path(IPV4, 1, prefix("10.25.8.0/24"), unknown(99, 0xE0, "deadbeef")),
    path(IPV4, 1, prefix("10.25.9.0/24"), unknown(34, 0xC0, "00010000000c000000010000fbf400000000")),
]


def _announce(lab: Lab, namespace_command: list[str], paths: list[Route]) -> None:
    done = subprocess.run(
        namespace_command, input=json.dumps(paths), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        raise RecordingError(f"GoBGP's interface: {done.stderr[-800:]}")
    for refused in json.loads(done.stdout):
        print(f"  refused: {refused}")
    lab.check_alive()


def _through_interface(lab: Lab, name: str, families: tuple[str, ...], paths: list[Route]) -> None:
    """One GoBGP is handed the paths through its interface, another records them."""
    if find_spec("grpc_tools") is None:
        raise RecordingError("this needs grpcio-tools: pip install grpcio-tools")
    if not gobgp_api.DEFINITION.exists():
        raise RecordingError("this needs GoBGP's interface definition: apt-get install golang-github-osrg-gobgp-dev")
    collector, one = lab.host("collector"), lab.host("gobgp")
    recorder = gobgp(collector, 64500, [Neighbour(one.ipv4, 64500, families)], "updates")
    gobgp(one, 64500, [Neighbour(collector.ipv4, 64500, families)])
    client = one.inside(sys.executable, str(Path(gobgp_api.__file__)))
    wait_up(recorder, one.ipv4)
    _announce(lab, client, paths)
    time.sleep(4)
    routes = [{"from": one.ipv4, **route} for route in paths]
    save(name, recorder.recording, "gobgp", [Speaker("gobgp", one.ipv4, 64500)], routes)


@scenario("sr-policy", "SR Policy for IPv4 and IPv6: segment lists, binding SIDs, names, priorities", "gobgp")
def sr_policy(lab: Lab) -> None:
    """SR Policy routes."""
    _through_interface(lab, "sr-policy", ("ipv4-srpolicy", "ipv6-srpolicy"), SR_POLICY)


MEMBERSHIP = [target(64500, RT), target(64500, RT_IP), target(65551, RT_AS4)]


@scenario("route-target", "route target membership (RTC) with three kinds of targets", "gobgp")
def route_target(lab: Lab) -> None:
    """RTC routes."""
    _through_interface(lab, "route-target", ("rtc",), MEMBERSHIP)


SERVICE_FAMILIES = ("ipv4-unicast", "l3vpn-ipv4-unicast", "l3vpn-ipv6-unicast", "l2vpn-evpn", "ipv4-encap")


@scenario("services", "SRv6 services, encapsulation, tunnels, AIGP, PMSI, OTC, Prefix-SID, unknown attributes", "gobgp")
def services(lab: Lab) -> None:
    """Many attributes of the rarer kind, and the encapsulation family."""
    _through_interface(lab, "services", SERVICE_FAMILIES, SERVICES)
