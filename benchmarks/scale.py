"""The plan of ``bgpwire.spread`` over archives, in processes: what docs/scale.md tells.

    python -m benchmarks.scale [--workers N] [--size MIB] [--parquet] FILE...

Each piece is read in one of the processes, its routes counted (or written as Parquet that is thrown away), and what all
of them gave is put together in order. One line of figures for each number of workers.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from bgpwire.spread import Piece, in_order, plan, read

FIELDS = (
    "timestamp", "type", "peer_address", "peer_asn", "prefix", "path_id", "next_hop", "as_path", "origin_asn",
    "communities", "large_communities", "med", "local_pref",
)  # fmt: skip


def work(parquet: bool, piece: Piece) -> tuple[int, int, float, int]:
    """Rows of a piece, octets of Parquet, seconds of processor time, and the process."""
    begin = time.process_time()
    written = 0
    if parquet:
        path = f"scale-{os.getpid()}.parquet"
        rows = read(piece, FIELDS).to_parquet(path)
        written = os.path.getsize(path)
        os.unlink(path)
    else:
        rows = sum(map(len, read(piece, FIELDS)))
    return rows, written, time.process_time() - begin, os.getpid()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--size", type=int, default=64, help="of a piece, in MiB")
    parser.add_argument("--parquet", action="store_true", help="write the rows")
    args = parser.parse_args()
    octets = sum(map(os.path.getsize, args.files))
    begin = time.perf_counter()
    pieces = plan(args.files, size=args.size << 20)
    planned = time.perf_counter() - begin
    begin = time.perf_counter()
    with ProcessPoolExecutor(args.workers) as pool:
        waiting = {pool.submit(partial(work, args.parquet), piece): piece for piece in pieces}
        done = list(in_order(pieces, ((waiting[one], one.result()) for one in as_completed(waiting))))
    took = time.perf_counter() - begin
    rows, written, cpu = (sum(one[place] for one in done) for place in (0, 1, 2))
    each: dict[int, float] = {}
    for one in done:
        each[one[3]] = each.get(one[3], 0) + one[2]
    print(
        f"{len(args.files)} files, {octets / 1e6:,.0f} MB, {len(pieces)} pieces planned in {planned:.2f} s; "
        f"{rows:,} routes in {took:.1f} s by {args.workers} processes ({cpu:.1f} s of processor time, "
        f"{', '.join(f'{seconds:.1f}' for seconds in each.values())}): {octets / cpu / 1e6:.1f} MB a core and second, "
        f"{cpu / max(rows, 1) * 1e9:.0f} ns a route" + (f", {written / 1e6:,.0f} MB of Parquet" if written else "")
    )


if __name__ == "__main__":
    main()
