"""tshark's dissection of what is built: PDML, part by part."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from oracle.built.leaves import Words
from oracle.tshark import pcap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oracle.built import Case

_ATTRIBUTE = "bgp.update.path_attribute"
_PARTS = {14: ("nlri", "next hop"), 15: ("withdrawn",)}


def ask(cases: Sequence[Case]) -> dict[str, dict[str, Words] | str] | str:
    """What tshark shows of each case by its name, or why it was not asked."""
    program = shutil.which("tshark")
    if program is None:
        return "tshark is not installed"
    out: dict[str, dict[str, Words] | str] = {}
    for asn4 in (True, False):
        some = [case for case in cases if case.session.asn4 is asn4]
        for case, proto in zip(some, _protos(program, some, asn4), strict=True):
            out[case.name] = "no BGP" if proto is None else _said(proto)
    return out


def version() -> str:
    """Which tshark it is."""
    done = subprocess.run(["tshark", "--version"], capture_output=True, check=True, text=True)
    return " ".join(done.stdout.split()[:3]).rstrip(".")


def _protos(program: str, cases: Sequence[Case], asn4: bool) -> Iterator[ElementTree.Element | None]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "built.pcap"
        path.write_bytes(pcap([case.octets for case in cases]))
        options = ("-o", "tcp.analyze_sequence_numbers:FALSE", "-o", f"bgp.asn_len:{4 if asn4 else 2} octet")
        done = subprocess.run([program, "-r", str(path), "-T", "pdml", *options], capture_output=True, check=True)
    for packet in ElementTree.fromstring(done.stdout).iter("packet"):
        yield packet.find("proto[@name='bgp']")


def _said(proto: ElementTree.Element) -> dict[str, Words]:
    """The parts by name; attributes within ATTR_SET are a part of it."""
    out: dict[str, Words] = {"message": _words(proto), "codes": Words()}
    for one in proto.iterfind("field[@name='bgp.update.path_attributes']/field"):
        code = _child(one, f"{_ATTRIBUTE}.type_code")
        out["codes"].octets.append(code)
        out.setdefault(f"attribute {code}", _words(one))
    for name, part in (("nlri", "bgp.update.nlri"), ("withdrawn", "bgp.update.withdrawn_routes")):
        for one in proto.iterfind(f"field[@name='{part}']"):
            out[name] = _words(one)
    for one in proto.iterfind(".//field[@name='bgp.cap']"):
        code = _child(one, "bgp.cap.type")
        out["codes"].octets.append(code)
        _words(one, out.setdefault(f"capability {code}", Words()))
    for code, names in _PARTS.items():
        for name in names:
            if f"attribute {code}" in out:
                out[name] = out[f"attribute {code}"]
    if "attribute 3" in out and "attribute 14" not in out:
        out["next hop"] = out["attribute 3"]
    return out


def _child(element: ElementTree.Element, name: str) -> str:
    return next((str(int(one.get("show", "0"), 0)) for one in element.iter("field") if one.get("name") == name), "")


def _words(element: ElementTree.Element, into: Words | None = None) -> Words:
    out = Words() if into is None else into
    for one in element.iter():
        if one.get("name") == "bgp.marker":
            continue
        for key in ("show", "showname"):
            if one.get(key):
                out.add(one.get(key, ""))
        if one.get("value") and len(one) == 0:
            out.add_octets(one.get("value", ""))
    return out
