#!/usr/bin/env python3
"""Record MRT and BMP from real BGP daemons that peer inside network namespaces of their own.

    python3 samples/record.py --list
    python3 samples/record.py                    every scenario
    python3 samples/record.py demo add-path      some of them

Needs root, Linux, iproute2, and the Debian packages bird2, frr, gobgpd and openbgpd.
"""

import argparse
import os
import signal
import sys

from recorder import SCENARIOS, Lab, RecordingError
from recorder.daemons import VERSIONS


def main() -> int:
    """Run what the command line asks for; 1 if a scenario failed, 2 if it cannot be run at all."""
    parser = argparse.ArgumentParser(description="Record MRT and BMP from real BGP daemons.")
    parser.add_argument("scenario", nargs="*", help="which to record (default: all)")
    parser.add_argument("--list", action="store_true", help="list the scenarios and stop")
    parser.add_argument("--keep", action="store_true", help="keep the daemons' configurations and logs")
    options = parser.parse_args()
    if options.list:
        for item in SCENARIOS.values():
            print(f"{item.name:22} {item.text} ({', '.join(item.daemons)})")
        return 0
    if unknown := [name for name in options.scenario if name not in SCENARIOS]:
        parser.error(f"no such scenario: {', '.join(unknown)}; see --list")
    if os.geteuid() != 0:
        print("record.py makes network namespaces and so needs root", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failed = [name for name in options.scenario or SCENARIOS if not record(name, options.keep)]
    return 1 if failed else 0


def record(name: str, keep: bool) -> bool:
    """Run one scenario in a lab of its own; whether it worked."""
    wanted = SCENARIOS[name]
    print(f"{name}: {wanted.text}", flush=True)
    try:
        for daemon in wanted.daemons:
            VERSIONS[daemon]()
        with Lab(keep) as lab:
            if keep:
                print(f"  kept in {lab.directory}")
            wanted.record(lab)
    except RecordingError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
