"""ExaBGP decoding UPDATEs with bgpwire's hooks and without, side by side in one run.

    [EXABGP_MAIN=<checkout>] python -m benchmarks.exabgp [--rounds N] [--released PYTHON] [--main PYTHON] [--no-write]

Each line of ExaBGP and each implementation of bgpwire has a process of its own. In it the hooks go on and off in
turns, message by message, and the medians are compared; the garbage collector runs as it does in the daemon.
ExaBGP's full objects are built each time. The results go to ``benchmarks/results/exabgp.json``.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import struct
import subprocess
import sys
import time
import tracemalloc
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import exabgp_kit as kit

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = {
    "1,000 IPv4 /24 announced": (40, 8),
    "1,000 IPv4 /24 withdrawn": (40, 10),
    "100 VPNv4 in MP_REACH": (15, 3),
    "500 IPv6 /48 in MP_REACH": (30, 4),
    "10 attributes and 3 prefixes, not seen before": (5, 1.5),
    "the same, seen before": (5, 2),
}
"""Times as fast, at least, on main: compiled, pure. On 5.0 half of each."""
RESULTS = Path(__file__).parent / "results" / "exabgp.json"


def messages() -> dict[str, tuple[list[bytes], int]]:
    """Per question the messages to decode in turns, and how many prefixes are in each."""
    vpn = kit.reach(1, 128, bytes(8) + bytes((10, 0, 0, 1)), kit.vpn4(100))
    made = [
        ([kit.update(b"", kit.BASIC, kit.prefixes4(1000))], 1000),
        ([kit.update(kit.prefixes4(1000))], 1000),
        ([kit.update(b"", kit.BASIC + vpn)], 100),
        ([kit.update(b"", kit.BASIC + kit.reach(2, 1, kit.HOP6, kit.prefixes6(500)))], 500),
        ([kit.update(b"", _ten(i), kit.prefixes4(3)) for i in range(512)], 3),
        ([kit.update(b"", _ten(0), kit.prefixes4(3))], 3),
    ]
    return dict(zip(ASKED, made, strict=True))


def _ten(salt: int) -> bytes:
    """Ten attributes; another ``salt`` gives another path, MED and communities."""
    plain = kit.ten_attributes(salt)
    plain = plain.replace(struct.pack("!I", 3356), struct.pack("!I", 3356 + salt))
    return plain.replace(struct.pack("!2H", 3356, 1), struct.pack("!2H", 3356, 1 + salt))


def _job(exa: kit.Exa, bodies: list[bytes], session: Any) -> Callable[[], Any]:
    feed = cycle(bodies)
    decode = exa.decode
    return lambda: decode(next(feed), session)


def turn(rounds: int, share: float = 0.02) -> dict[str, Any]:
    """All questions in this process: seconds with the hooks off and on, what came out, octets a prefix."""
    from bgpwire import IMPLEMENTATION, __version__
    from bgpwire.compat import exabgp

    exa = kit.Exa()
    session = exa.session()
    answers: dict[str, Any] = {}
    for name, (bodies, prefixes) in messages().items():
        times: dict[str, list[float]] = {"off": [], "on": []}
        elements: dict[str, int] = {}
        job = _job(exa, bodies, session)
        calls: dict[str, int] = {}
        for number in range(rounds + 1):
            for way in ("off", "on"):
                if way == "on":
                    exabgp.install()
                else:
                    exabgp.uninstall()
                if not number:  # warm up, count what comes out, and see how often it fits
                    elements[way] = _count(exa, job())
                    began = time.perf_counter()
                    for _ in range(3):
                        job()
                    calls[way] = max(3, int(share / ((time.perf_counter() - began) / 3)))
                    continue
                repeat = range(calls[way])
                began = time.perf_counter()
                for _ in repeat:
                    job()
                times[way].append((time.perf_counter() - began) / calls[way])
        exabgp.uninstall()
        if elements["off"] != elements["on"] or elements["on"] != prefixes:
            raise SystemExit(f"{name}: {elements} prefixes came out, {prefixes} went in")
        answers[name] = {way: median(times[way]) for way in times} | {"prefixes": prefixes}
    kept = {}
    for way in ("off", "on"):
        (exabgp.install if way == "on" else exabgp.uninstall)()
        kept[way] = _memory(exa)
    exabgp.uninstall()
    return {
        "exabgp": exa.version,
        "bgpwire": __version__,
        "implementation": IMPLEMENTATION,
        "python": platform.python_version(),
        "times": answers,
        "octets_per_prefix": kept,
        "report": exabgp.report(),
    }


def _count(exa: kit.Exa, decoded: Any) -> int:
    if exa.released:
        return len(decoded.nlris)
    held = decoded.data
    return len(held.announces) + len(held.withdraws)


def _memory(exa: kit.Exa, updates: int = 100) -> float:
    """Octets that 100,000 prefixes, announced by 100 UPDATEs and kept, take; each."""
    bodies = []
    for i in range(updates):
        run = b"".join(b"\x18" + struct.pack("!I", 0x0A000000 + (i * 1000 + j << 8))[:3] for j in range(1000))
        bodies.append(kit.update(b"", _ten(i), run))
    session = exa.fresh_session()
    exa.decode(bodies[0], session)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = [exa.decode(body, session) for body in bodies]
    if not exa.released:
        kept = [update.data for update in kept]
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / (len(kept) * 1000)


def spawn(python: str, path: str | None, implementation: str, rounds: int) -> dict[str, Any]:
    """:func:`turn` in a process of its own."""
    environment = dict(os.environ)
    environment["BGPWIRE_IMPLEMENTATION"] = implementation
    root = Path(__file__).parents[1]
    paths = [path] if path else []
    paths += [str(root / "src"), str(root)]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    command = [python, "-m", "benchmarks.exabgp", "--turn", "--rounds", str(rounds)]
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def show(answer: dict[str, Any]) -> None:
    """One table."""
    main = not answer["exabgp"].startswith("5.")
    compiled = answer["implementation"] == "cython"
    print(f"\nExaBGP {answer['exabgp']}, bgpwire {answer['bgpwire']} {answer['implementation']}, "
          f"CPython {answer['python']}")  # fmt: skip
    print(f"{'one message':46} {'prefixes':>8} {'off, µs':>10} {'on, µs':>9} {'times':>7} {'asked':>6}")
    for name, row in answer["times"].items():
        asked = ASKED[name][0 if compiled else 1] / (1 if main else 2)
        ratio = row["off"] / row["on"]
        mark = "" if ratio >= asked else "  short"
        print(f"{name:46} {row['prefixes']:8} {row['off'] * 1e6:10.1f} {row['on'] * 1e6:9.1f} {ratio:6.1f}x "
              f"{asked:5g}x{mark}")  # fmt: skip
    kept = answer["octets_per_prefix"]
    print(f"octets kept per prefix at 100,000: {kept['off']:.0f} off, {kept['on']:.0f} on")


def main() -> int:
    """Run the benchmark; see the module."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21, metavar="N", help="turns of each way (default 21)")
    parser.add_argument("--released", default=sys.executable, metavar="PYTHON", help="one that has exabgp 5.0.15")
    parser.add_argument("--main", default=sys.executable, metavar="PYTHON", help="one that runs ExaBGP's main")
    parser.add_argument("--no-write", action="store_true", help="leave the results on file alone")
    parser.add_argument("--turn", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.turn:
        print(json.dumps(turn(args.rounds)))
        return 0
    lines: list[tuple[str, str | None]] = [(args.released, None)]
    if kit.find_main():
        lines.insert(0, (args.main, kit.find_main()))
    else:
        print("EXABGP_MAIN names no checkout of ExaBGP's main line: only the released one is measured")
    answers = []
    for python, path in lines:
        for implementation in ("cython", "python"):
            answers.append(spawn(python, path, implementation, args.rounds))
            show(answers[-1])
    load = os.getloadavg()
    print(f"\nload average {load[0]:.2f}, {os.cpu_count()} processors")
    if not args.no_write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps({"load": load, "results": answers}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
