#!/usr/bin/env python3
"""docs/bgpwire.schema.json, out of what declares the values; ``--check`` only says whether it is current.

A line for each definition, so that a change of one is a change of one line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bgpwire import json_schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "bgpwire.schema.json"


def text(schema: dict[str, Any]) -> str:
    """The file."""
    head = json.dumps({key: part for key, part in schema.items() if key != "$defs"}, ensure_ascii=False, indent=2)
    lines = [f"    {json.dumps(name)}: {_line(part)}" for name, part in schema["$defs"].items()]
    return head.removesuffix("\n}") + ',\n  "$defs": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def _line(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    made = text(json_schema())
    if "--check" not in sys.argv:
        TARGET.write_text(made, "utf-8", newline="\n")
    elif TARGET.read_text("utf-8") != made:
        print(f"{TARGET.name} is not what the declarations say: run scripts/make_schema.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
