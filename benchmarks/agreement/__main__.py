"""``python -m benchmarks.agreement``: the table of all sources."""

from __future__ import annotations

import sys

from benchmarks.agreement import SETTLED
from benchmarks.agreement.gobgp import gobgp
from benchmarks.agreement.output import bgpdump_output, samples
from benchmarks.agreement.tshark import tshark


def main() -> int:
    status = 0
    for compare in (gobgp, tshark, bgpdump_output, samples):
        outcome = compare()
        if isinstance(outcome, str):
            print(f"{compare.__name__}: left out, {outcome}\n")
            continue
        total = outcome.agree + outcome.settled.total() + len(outcome.open)
        settled = outcome.settled.total()
        print(f"{outcome.source}: {total} inputs, {outcome.agree} agree, {settled} settled, {len(outcome.open)} open")
        for reason, number in outcome.settled.most_common():
            print(f"  {number:5} {reason}: {SETTLED[reason]}")
        for line in outcome.open[:20]:
            print(f"        OPEN {line[:300]}")
        print()
        status |= bool(outcome.open)
    return status


if __name__ == "__main__":
    sys.exit(main())
