"""GoBGP's own tests, and what they let pass although GoBGP says otherwise."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from typing import Any

import bgpwire
from oracle import ORACLES, ROOT, Outcome

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
    command = [sys.executable, "-m", "pytest", "-rA", "--apart", "--tb=no", "-p", "no:cacheprovider", *files]
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
    """What a file of tests defines; it imports from ``support``, which stands beside the tests."""
    tests = str(ROOT / "tests")
    if tests not in sys.path:
        sys.path.insert(0, tests)
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
    for line in messages["_of"]("attribute"):
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
