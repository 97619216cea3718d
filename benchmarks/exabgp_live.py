"""ExaBGP as a real process takes a table from BIRD, with bgpwire and without: what its API prints, and how long.

    [EXABGP_MAIN=<checkout>] python -m benchmarks.exabgp_live [--routes N] [--turns N] [--released PYTHON] …

BIRD announces the routes over loopback, in a network and a process namespace of our own (``unshare``: Linux, root).
An API process of ExaBGP collects the JSON. The first time runs from the first route that is printed to the last, and
holds what ExaBGP and BIRD wait; the second is the processor time of ExaBGP's process until then, its start included.
Exit status 1 if what is printed differs, but for what numbers and dates a line.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import exabgp_kit as kit

INSIDE = "BGPWIRE_LIVE_INSIDE"
BIRD = """
log stderr all;
router id 10.255.0.1;
protocol device {{ }}
{tables}
filter marked {{
{marks}
  accept;
}}
protocol bgp exa {{
  local 127.0.0.1 port 1790 as 65001;
  neighbor 127.0.0.2 as 65002;
  multihop 2;
  passive on;
  ipv4 {{ import none; export filter marked; next hop self; }};
}}
"""
EXABGP = """
process reader {{
  run {python} {reader} {result} {routes};
  encoder json;
}}
neighbor 127.0.0.1 {{
  router-id 10.255.0.2;
  local-address 127.0.0.2;
  local-as 65002;
  peer-as 65001;
  connect 1790;
  family {{ ipv4 unicast; }}
  api {{
    processes [ reader ];
    neighbor-changes;
    receive {{ parsed; update; }}
  }}
}}
"""
READER = r"""
import json, sys, time
result, wanted = sys.argv[1], int(sys.argv[2])
lines, began, seen, last = [], None, 0, None
for line in sys.stdin:
    if '"type": "update"' not in line:
        continue
    began = began or time.monotonic()
    lines.append(line)
    seen += line.count('"nlri"')
    if seen >= wanted:
        last = time.monotonic()
        open(result + ".seen", "w").close()
        break
routes = []
for line in lines:
    message = json.loads(line)["neighbor"]["message"]
    update = message.get("update", message)
    for family, hops in update.get("announce", {}).items():
        for hop, prefixes in hops.items():
            for prefix in prefixes:
                routes.append(json.dumps([family, hop, prefix, update.get("attribute")], sort_keys=True))
with open(result + ".part", "w") as file:
    json.dump({"seconds": last - began, "routes": routes, "lines": len(lines)}, file)
import os
os.rename(result + ".part", result)
for line in sys.stdin:
    pass
"""


def bird_configuration(routes: int, groups: int = 10) -> str:
    """BIRD with ``routes`` of ``groups`` kinds, each kind with a community and a MED of its own."""
    tables, marks = [], []
    for group in range(groups):
        run = range(group * routes // groups, (group + 1) * routes // groups)
        lines = [f"  route {20 + (i >> 16)}.{i >> 8 & 255}.{i & 255}.0/24 blackhole;" for i in run]
        tables.append(f"protocol static s{group} {{\n  ipv4;\n" + "\n".join(lines) + "\n}")
        marks.append(f'  if proto = "s{group}" then {{ bgp_community.add((65001,{group})); bgp_med = {group}; }}')
    return BIRD.format(tables="\n".join(tables), marks="\n".join(marks))


def session(directory: Path, python: str, path: str | None, hooks: bool, routes: int) -> dict[str, Any]:
    """One session from start to the last route; what the reader wrote."""
    result = directory / "result.json"
    seen = directory / "result.json.seen"
    result.unlink(missing_ok=True)
    seen.unlink(missing_ok=True)
    used: float | None = None
    reader = directory / "reader.py"
    reader.write_text(READER)
    configuration = directory / "exabgp.conf"
    configuration.write_text(EXABGP.format(python=sys.executable, reader=reader, result=result, routes=routes))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHONPATH", "exabgp"))}
    environment |= {"exabgp_daemon_user": "root", "exabgp_log_level": "CRITICAL", "exabgp_api_cli": "false",
                    "exabgp_api_ack": "false", "exabgp_daemon_drop": "false"}  # fmt: skip
    paths = ([path] if path else []) + ([str(Path(__file__).parents[1] / "src")] if hooks else [])
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    command = [python, "-m", "bgpwire", "exabgp", "--report", "--"] if hooks else [
        python, "-c", "import sys; from exabgp.application.main import main; sys.exit(main())"]  # fmt: skip
    said = directory / "exabgp.log"
    with said.open("w") as log:
        exa = subprocess.Popen([*command, "server", str(configuration)], env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 180
            while not result.exists():
                if exa.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"ExaBGP did not deliver; it said:\n{said.read_text()[-3000:]}")
                if used is None and seen.exists():
                    used = processor_time(exa.pid)
                time.sleep(0.01)
        finally:
            exa.send_signal(signal.SIGTERM)
            try:
                exa.wait(20)
            except subprocess.TimeoutExpired:
                exa.kill()
                exa.wait()
    held: dict[str, Any] = json.loads(result.read_text())
    held["said"] = said.read_text()
    held["used"] = used
    return held


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(args: argparse.Namespace) -> int:
    """Within the namespaces: BIRD, then each line of ExaBGP in turns; 1 if anything differs."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    wrong = 0
    lines = [("5.0.15", args.released, None)]
    if kit.find_main():
        lines.append(("main", args.main, kit.find_main()))
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "bird.conf").write_text(bird_configuration(args.routes))
        bird = subprocess.Popen(
            ["bird", "-f", "-c", str(directory / "bird.conf"), "-s", str(directory / "bird.ctl")],
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(2)
            for label, python, path in lines:
                seconds: dict[bool, list[float]] = {False: [], True: []}
                used: dict[bool, list[float]] = {False: [], True: []}
                routes: dict[bool, list[str]] = {}
                said = ""
                for _ in range(args.turns):
                    for hooks in (False, True):
                        held = session(directory, python, path, hooks, args.routes)
                        seconds[hooks].append(held["seconds"])
                        used[hooks].append(held["used"])
                        routes[hooks] = sorted(held["routes"])
                        said = held["said"] if hooks else said
                same = routes[False] == routes[True]
                wrong += not same
                off, on = median(seconds[False]), median(seconds[True])
                cpu = {hooks: median(used[hooks]) for hooks in used}
                print(f"ExaBGP {label}: {len(set(routes[True])):,} routes; "
                      f"{off:.2f} s without, {on:.2f} s with bgpwire; "
                      f"processor {cpu[False]:.2f} s without, {cpu[True]:.2f} s with; "
                      f"printed routes {'equal' if same else 'DIFFER'}", flush=True)  # fmt: skip
                if not same:
                    only = set(routes[False]) ^ set(routes[True])
                    print("  for example", sorted(only)[:4])
                print("  " + "\n  ".join(said.strip().splitlines()[-4:]))
        finally:
            bird.terminate()
            bird.wait()
    return 1 if wrong else 0


def main() -> int:
    """Run the proof; see the module."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--routes", type=int, default=100_000, metavar="N")
    parser.add_argument("--turns", type=int, default=1, metavar="N")
    parser.add_argument("--released", default=sys.executable, metavar="PYTHON", help="one that has exabgp 5.0.15")
    parser.add_argument("--main", default=sys.executable, metavar="PYTHON", help="one that runs ExaBGP's main")
    args = parser.parse_args()
    if os.environ.get(INSIDE) == "1":
        return measure(args)
    for tool in ("bird", "unshare", "ip"):
        if shutil.which(tool) is None:
            print(f"{tool} is not installed")
            return 2
    command = ["unshare", "-n", "-p", "-f", "--mount-proc", sys.executable, "-m", "benchmarks.exabgp_live"]
    return subprocess.run([*command, *sys.argv[1:]], env=os.environ | {INSIDE: "1"}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
