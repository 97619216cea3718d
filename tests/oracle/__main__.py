"""``python -m oracle``: the table of all sources; with ``--record`` what is shown whole is kept (built/recorded.py)."""

from __future__ import annotations

import sys

from oracle import bmp
from oracle.bmp.gobgp import gobgp_bmp
from oracle.bmp.netgauze import netgauze
from oracle.bmp.tshark import tshark_bmp
from oracle.built.outcome import built_exabgp, built_gobgp, built_together, built_tshark, built_vectors, record
from oracle.built.settled import REASONS
from oracle.gobgp import gobgp
from oracle.output import bgpdump_output, samples
from oracle.tshark import tshark

BMP = (netgauze, gobgp_bmp, tshark_bmp)
BUILT = (built_tshark, built_gobgp, built_exabgp, built_vectors, built_together)


def main() -> int:
    status = 0
    for compare in (gobgp, tshark, bgpdump_output, samples, *BMP, *BUILT):
        outcome = compare()
        if isinstance(outcome, str):
            print(f"{compare.__name__}: left out, {outcome}\n")
            continue
        total = outcome.agree + outcome.settled.total() + len(outcome.open)
        settled = outcome.settled.total()
        print(f"{outcome.source}: {total} inputs, {outcome.agree} agree, {settled} settled, {len(outcome.open)} open")
        for reason, number in outcome.settled.most_common():
            print(f"  {number:5} {reason}: {(REASONS | bmp.SETTLED)[reason]}")
        for line in outcome.open[:20]:
            print(f"        OPEN {line[:300]}")
        print()
        status |= bool(outcome.open)
    if "--record" in sys.argv[1:] and not status:
        record()
    return status


if __name__ == "__main__":
    sys.exit(main())
