"""Guards of a redesign: what must not be less behind a change than it was before.

    python -m scripts.guards record PART ...     measure, and keep it in scripts/guards/recorded/
    python -m scripts.guards compare PART ...    measure, and say what is less than recorded; status 1 if so

The parts, with the time each takes on a machine that does nothing else:

    doors           vectors through public ways in; a minute
    lines           of .py and .pyx that the suite runs; half an hour of processor time, shared by the cores
    instructions    of the hot loops, by valgrind; EXABGP_MAIN names a checkout of ExaBGP's main line, where there is
                    one; ten minutes
    mutants         bugs made by hand that the suite must find; half an hour

They need what ``pip install --group guards`` installs. ``lines`` and ``mutants`` measure the last commit, in a clone.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path

PARTS = ("doors", "lines", "instructions", "mutants")
RECORDED = Path(__file__).resolve().parent / "recorded"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.guards", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("parts", nargs="+", metavar="PART", help=", ".join(PARTS))
    args = parser.parse_args()
    unknown = set(args.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    less: list[str] = []
    for name in args.parts:
        part = import_module(f"scripts.guards.{name}")
        found = part.measure()
        path = RECORDED / f"{name}.json"
        if args.action == "record":
            path.parent.mkdir(exist_ok=True)
            # A line for each name.
            rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found))
            path.write_text(f"{{\n{rows}\n}}\n", "utf-8")
        elif not path.exists():
            parser.error(f"{name}: nothing is recorded yet")
        else:
            less += part.worse(json.loads(path.read_text("utf-8")), found)
    for line in less:
        print("LESS:", line)
    return 1 if less else 0


if __name__ == "__main__":
    raise SystemExit(main())
