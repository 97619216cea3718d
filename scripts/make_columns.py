#!/usr/bin/env python3
"""The table of columns in docs/columns.md, out of what declares them; ``--check`` only says whether it is current."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bgpwire.columns.kinds import Kind
from bgpwire.columns.schema import COLUMNS, DEFAULT

TARGET = Path(__file__).resolve().parent.parent / "docs" / "columns.md"
BETWEEN = re.compile(r"(<!-- generated [^\n]* -->\n).*(<!-- end -->\n)", re.DOTALL)
TYPES = {
    Kind.TIME: "timestamp[us, UTC]",
    Kind.BOOL: "bool",
    Kind.U8: "uint8",
    Kind.U16: "uint16",
    Kind.U32: "uint32",
    Kind.U64: "uint64",
    Kind.TEXT: "utf8",
    Kind.OCTETS: "binary",
    Kind.ADDRESS: "fixed_size_binary(16)",
    Kind.FEW_NAMES: "dictionary<int8, utf8>",
    Kind.NAMES: "dictionary<int32, utf8>",
    Kind.NUMBERS: "list<uint32>",
    Kind.LONG_NUMBERS: "list<uint64>",
    Kind.TRIPLES: "list<struct<global_administrator, local_data_1, local_data_2: uint32>>",
    Kind.SEGMENTS: "list<struct<type: uint8, length: uint32>>",
    Kind.TEXTS: "list<utf8>",
}


def table() -> str:
    rows = ["| column | type | |", "|---|---|---|"]
    for name in (*DEFAULT, *(name for name in COLUMNS if name not in DEFAULT)):
        column = COLUMNS[name]
        shown = f"**`{name}`**" if name in DEFAULT else f"`{name}`"
        rows.append(f"| {shown} | {TYPES[column.kind]} | {column.text} |")
    return "\n".join(rows) + "\n"


def main() -> int:
    before = TARGET.read_text("utf-8")
    after = BETWEEN.sub(lambda found: found[1] + table() + found[2], before)
    if "--check" in sys.argv[1:]:
        if before == after:
            return 0
        print(f"{TARGET.name} is not current: run scripts/make_columns.py")
        return 1
    TARGET.write_text(after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
