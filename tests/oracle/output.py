"""bgpdump's output of the archives, and what the samples' daemons were told to announce."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from typing import Any

import bgpwire
from bgpwire.text import bgpdump
from oracle import DATA, ROOT, Outcome, pass_over


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


_LABELLED = ((1, 4), (2, 4))
_PLAIN = ("origin", "as_path", "med", "local_pref", "communities", "large_communities", "next_hop")


def samples() -> Outcome | str:
    """Each route whose configuration says family and prefix: it was recorded, with what was configured."""
    from bgpwire.text import jsonl

    agree, wrong = 0, []
    for path in sorted((ROOT / "samples").glob("*.expected.json")):
        document = json.loads(path.read_text("utf-8"))
        if not document["recording"].endswith(".mrt"):
            continue  # of BMP: tests/unit/bmp/test_samples.py
        line = jsonl.formatter()
        said_labels = [(said.get("nlri") or {}).get("labels", ()) for said in document.get("routes", [])]
        # Daemons send stacks of labels without the capability that allows it, and no record says so (RFC 8277 2.1).
        stacks = _LABELLED if any(len(labels) > 1 for labels in said_labels) else ()
        recording = path.with_name(document["recording"])
        routes = bgpwire.mrt.open(recording, multiple_labels=stacks, on_skip=pass_over).routes()
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
