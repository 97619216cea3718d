#!/usr/bin/env python3
"""docs/coverage.md and the README's summary, out of docs/coverage.toml; ``--check`` only says whether they are current.

coverage.toml names what a complete decoder of BGP and MRT reads, row by row, with what eight other decoders make of
it; a row that bgpwire completes names the vectors (and, where no octets can show it, the tests) that prove it.
tests/unit/test_coverage.py runs them. What confirms a row is what its vectors name as their ``source``, as
tests/vectors/README.md says.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "coverage.toml"
TARGET = ROOT / "docs" / "coverage.md"
README = ROOT / "README.md"

INTRODUCTION = """\
<!-- generated from coverage.toml by scripts/make_coverage.py -->
# Coverage

What a complete decoder of BGP, MRT and BMP reads, row by row; what bgpwire does with it, and what eight other decoders
do. **Y** beside bgpwire means: decoded to typed fields, and the vectors or tests in the last column show it. Each of
those vectors decodes on both implementations to what it expects, gives its octets back, and is cut at every length and
bent at random without anything but a `DecodeError` coming out (`test_vectors.py`, `test_parity.py`,
`test_coverage.py`).

**Y** under "encode" means: written too. Each of the row's vectors that is sound is built of its JSON form and of its
fields, on both implementations, and comes to the same octets; where the octets are not canonical, the difference is
named. An archive is written of the values of its records (`test_encode.py`). What is wrong on purpose is read, not
written.

| cell | meaning |
|---|---|
| Y | decoded to typed fields or a proper name, value right |
| part | only some forms, only a name, generic fields without meaning, or needs configuration |
| raw | octets are kept, nothing interpreted |
| - | not shown, skipped, or no such concept; for bgpwire: not claimed |
| **wrong** | shows a value that is not what the octets say |
| **breaks** | takes down more than itself: attribute, message or record lost, or the session |

"Confirmed by" says what the vectors of a row were checked against: the **text** of its RFC or draft, a **peer**
(another decoder that was run, or whose source has the same layout), a **capture** of real traffic; "in part": some of
them only.
**unconfirmed**: neither text nor peer was at hand, so octets and decoder may share a mistake. "test": no vectors.

Peers differ in purpose, so compare inside a group: ExaBGP reads neither MRT nor BMP, tshark and tcpdump no MRT; bgpkit,
and in every peer MRT, BMP and most of BGP-LS, were judged by their sources. Tier 1 is public collectors and what every
session carries, tier 2 ISP and data-centre networks, tier 3 drafts, historic and rare features.
"""


def load() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text("utf-8"))


def claimed(row: dict[str, Any]) -> bool:
    return bool(row.get("vectors") or row.get("tests"))


# A source is clauses, "; " between them: where the octets come from, then what confirms them.
_EXAMPLE = re.compile(r"(RFC \d+|draft-[a-z0-9-]+)( section [\dA-Z.]+)?, example\b")
_CLAUSES = {"checked against ": "text", "peer: ": "peer", "layout as in ": "peer", "capture: ": "capture"}
UNCONFIRMED = "text not at hand"


def confirmation(source: str) -> set[str]:
    """What confirms a vector, out of its ``source``: any of ``text``, ``peer``, ``capture``; nothing: unconfirmed."""
    found = {kind for clause in source.split("; ") for start, kind in _CLAUSES.items() if clause.startswith(start)}
    return found | ({"text"} if _EXAMPLE.match(source) else set())


def confirmed(row: dict[str, Any]) -> str:
    """What confirms a row; "in part" where that holds for some of its vectors only."""
    found: list[set[str]] = []
    for path in row.get("vectors", []):
        document = json.loads((ROOT / path).read_text("utf-8"))
        found += [confirmation(vector["source"]) for vector in (document if isinstance(document, list) else [document])]
    if not found:
        return "test" if row.get("tests") else "-"
    if not any(found):
        return "**unconfirmed**"
    kinds = sorted(set().union(*found), key=["text", "peer", "capture"].index)
    return ", ".join(kinds) + ("" if all(found) else ", in part")


def table(header: list[str], rows: list[list[str]], left: int = 1) -> str:
    marks = ["---"] * left + ["---:"] * (len(header) - left)
    lines = [header, marks, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def encoded(row: dict[str, Any]) -> bool:
    return bool(row.get("encode"))


def count(rows: list[dict[str, Any]], peers: list[str]) -> list[str]:
    """Rows, then how many bgpwire completes and encodes, how many each peer completes, and how many no peer."""
    done = sum(map(claimed, rows))
    out = [str(len(rows)), f"**{done}**", f"**{sum(map(encoded, rows))}**"]
    out += [str(sum(row["peers"][index] == "Y" for row in rows)) for index in range(len(peers))]
    return [*out, str(sum("Y" not in row["peers"] for row in rows))]


def proof(row: dict[str, Any]) -> str:
    """Links to what shows a row."""
    links = [f"[{Path(path).stem}](../{path})" for path in row.get("vectors", [])]
    for test in row.get("tests", []):
        path, _, name = test.partition("::")
        links.append(f"[{name or Path(path).stem}](../{path})")
    found = ", ".join(links)
    why = row.get("why", "")
    return f"{found}; not encoded: {why}" if found and why else found or why


def confirmed_rows(rows: list[dict[str, Any]]) -> str:
    """How many rows are confirmed by what."""
    cells = Counter(confirmed(row) for row in rows if claimed(row))
    lines = [[cell, str(number)] for cell, number in sorted(cells.items(), key=lambda pair: (-pair[1], pair[0]))]
    return "\n### What confirms them\n\n" + table(["confirmed by", "rows"], lines)


def render(document: dict[str, Any]) -> str:
    rows, peers = document["row"], document["peers"]
    groups = {group["number"]: group["title"] for group in document["group"]}
    header = ["rows", "bgpwire", "encode", *peers, "no peer"]
    out = [INTRODUCTION, "\n## Totals\n\n"]
    states: list[list[str]] = []
    for index, peer in enumerate(peers):
        cells = Counter(row["peers"][index] for row in rows)
        kinds = [str(cells[cell]) for cell in ("Y", "part", "raw", "-", "wrong", "breaks")]
        states.append([peer, *kinds, f"{100 * cells['Y'] / len(rows):.0f}"])
    done = sum(map(claimed, rows))
    mine = ["**bgpwire**", f"**{done}**", "", "", str(len(rows) - done), "", "", f"**{100 * done / len(rows):.0f}**"]
    out.append(table(["decoder", "Y", "part", "raw", "-", "wrong", "breaks", "Y %"], [mine, *states]))
    only = sum(claimed(row) and "Y" not in row["peers"] for row in rows)
    union = sum("Y" in row["peers"] for row in rows)
    out.append(
        f"\nAll eight peers together complete {union} of {len(rows)} rows; {only} rows bgpwire alone completes. "
        f"bgpwire encodes {sum(map(encoded, rows))}.\n"
    )
    out.append(confirmed_rows(rows))
    out.append("\n### Y per group\n\n")
    lines = [
        [f"{number}. {title}", *count([row for row in rows if row["group"] == number], peers)]
        for number, title in groups.items()
    ]
    out.append(table(["group", *header], [*lines, ["**all**", *count(rows, peers)]]))
    out.append("\n### Y per tier\n\n")
    lines = [[str(tier), *count([row for row in rows if row["tier"] == tier], peers)] for tier in (1, 2, 3)]
    out.append(table(["tier", *header], lines))
    for number, title in groups.items():
        out.append(f"\n## {number}. {title}\n\n")
        lines = []
        for row in rows:
            if row["group"] == number:
                cells = [f"**{cell}**" if cell in ("wrong", "breaks") else cell for cell in row["peers"]]
                start = [row["item"], row["code"], row["rfc"], str(row["tier"])]
                mine = ["**Y**" if claimed(row) else "-", "**Y**" if encoded(row) else "-"]
                lines.append([*start, *mine, *cells, confirmed(row), proof(row)])
        columns = ["item", "code", "RFC", "T", "bgpwire", "encode", *peers, "confirmed by", "shown by"]
        out.append(table(columns, lines, left=len(columns)))
    return "".join(out)


README_TEXT = """\
Of {rows} things that a complete decoder reads, bgpwire decodes {done}; the best of eight other decoders {best}, all
eight together {union}. Each is shown by vectors that both implementations decode alike. Of these it encodes
{encoded}, shown by the same vectors, built of their fields and of their JSON.

{table}
- **Families**: unicast, multicast, labelled, MPLS VPN, 6PE, EVPN 1 to 11, MCAST-VPN, MCAST-VPLS, VPLS and BGP-AD, route
  target constraint, FlowSpec (IPv4, IPv6, VPN, L2), BGP-LS and its VPN and SPF forms, SR Policy, MUP, CAR, classful
  transport, SFC, MDT; ADD-PATH for every one.
- **Attributes**: what IANA lists, down to tunnel encapsulation, SR policy segments A to K, SRv6 services, BGP-LS TLVs,
  BGPsec, wide communities; every extended community by its full type.
- **Messages**: OPEN with every registered capability, NOTIFICATION with its data, ROUTE-REFRESH with ORF; what RFC 7606
  asks for is the `action` of each error.
- **MRT**: TABLE_DUMP, TABLE_DUMP_V2, BGP4MP, RFC 8050, RFC 6397, and what collectors wrote before; torn files
  resynchronise.
- **BMP**: versions 1 to 4, every message of RFC 7854, RFC 8671, RFC 9069 and RFC 9736, the statistics of RFC 9972; what
  a Peer Up says of the session is how its routes are read ([docs/bmp.md](docs/bmp.md)).

[docs/coverage.md](docs/coverage.md) goes through it row by row, with the eight beside us, the vectors that prove each
row, and what confirms them (an RFC's text, another decoder, a capture); [docs/pitfalls.md](docs/pitfalls.md) lists 95
hard cases; [docs/oracle.md](docs/oracle.md) is what tshark, GoBGP and ExaBGP say of what is read and built;
[docs/json.md](docs/json.md) is the JSON form, [docs/fields.md](docs/fields.md) lists the fields of what is
declared, and `bgpwire.json_schema()` gives the schema. [docs/migration.md](docs/migration.md) is for programs written
for 0.1.

"""


def readme(document: dict[str, Any]) -> str:
    """The README with its section on coverage made anew."""
    rows, peers = document["row"], document["peers"]
    lines = [
        [f"tier {tier}: {title}", *count([row for row in rows if row["tier"] == tier], peers)[:-1]]
        for tier, title in ((1, "collectors, every session"), (2, "ISP, data centre"), (3, "drafts, historic, rare"))
    ]
    text = README_TEXT.format(
        rows=len(rows),
        done=sum(map(claimed, rows)),
        encoded=sum(map(encoded, rows)),
        best=max(sum(row["peers"][index] == "Y" for row in rows) for index in range(len(peers))),
        union=sum("Y" in row["peers"] for row in rows),
        table=table(["", "rows", "bgpwire", "encode", *peers], [*lines, ["all", *count(rows, peers)[:-1]]]),
    )
    head, mark, rest = README.read_text("utf-8").partition("<!-- coverage -->\n")
    _, figures, tail = rest.partition("## Figures")
    return head + mark + text + figures + tail


def main() -> int:
    document = load()
    wanted = {TARGET: render(document), README: readme(document)}
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
        if stale:
            print(
                f"{', '.join(stale)}: not what docs/coverage.toml says; run scripts/make_coverage.py", file=sys.stderr
            )
        return bool(stale)
    for path, text in wanted.items():
        path.write_text(text, "utf-8", newline="\n")
    rows = document["row"]
    for tier in (1, 2, 3):
        mine = [row for row in rows if row["tier"] == tier]
        print(f"tier {tier}: {sum(map(claimed, mine))} of {len(mine)}")
    print(f"all: {sum(map(claimed, rows))} of {len(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
