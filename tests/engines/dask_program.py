"""Run by test_dask.py: ``dask_program.py FOLDER SIZE MARKER all|few``; its last line is what Dask found, as JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import dask
import pandas as pd
from dask.distributed import Client, LocalCluster

import bgpwire
from bgpwire.spread import dask as reader

FOLDER, SIZE, MARKER, FEW = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4] == "few"
FIELDS = ["type", "timestamp", "prefix", "as_path", "origin_asn"]


def dying(frame: Any) -> Any:
    """Whose worker is killed at the first partition that comes, once."""
    if len(frame) and not os.path.exists(MARKER):
        Path(MARKER).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return frame


def counted(frame: Any) -> list[list[Any]]:
    """What support.engines asks DuckDB."""
    frame = frame[FIELDS]
    hops = frame.as_path.map_partitions(lambda part: part.list.len(), meta=("hops", "int64[pyarrow]"))
    groups = frame.assign(hops=hops).groupby("type")
    names = ("count", "hops", "origins", "prefixes", "first")
    parts = groups.size(), groups.hops.sum(min_count=1), groups.origin_asn.sum(min_count=1), groups.prefix.nunique()
    found = dict(zip(names, dask.compute(*parts, groups.timestamp.min()), strict=True))

    def number(value: Any) -> int | None:
        return None if pd.isna(value) else int(value)

    return [
        [kind, *(number(found[name][kind]) for name in ("count", "hops", "origins", "prefixes")),
         int(found["first"][kind].value // 1000)]
        for kind in sorted(found["count"].index)
    ]  # fmt: skip


def main() -> dict[str, Any]:
    files = sorted(Path(FOLDER).iterdir())
    out: dict[str, Any] = {}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        Client(cluster),
    ):
        everything = list(bgpwire.columns.COLUMNS)
        frame = reader.read(files, everything, size=SIZE)
        out["partitions"] = frame.npartitions
        table = bgpwire.columns.read(files, everything, profile="spark", on_skip=lambda _: None)
        own = table.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)
        got = frame.compute().reset_index(drop=True)
        out["rows"] = len(got)
        out["same"] = (
            bool(list(got.dtypes) == list(own.dtypes))
            and got.to_dict("list").__repr__() == own.to_dict("list").__repr__()
        )
        out["counted"] = counted(reader.read(files, FIELDS, size=SIZE))
        if FEW:
            return out
        out["pieces"] = counted(reader.read(map(str, files), FIELDS, pieces=7))
        out["killed"] = counted(frame[FIELDS].map_partitions(dying, meta=frame[FIELDS]._meta)), os.path.exists(MARKER)
        out["filtered"] = counted(reader.read(files, FIELDS, size=SIZE, filter=bgpwire.Filter(type="A")))
    return out


if __name__ == "__main__":
    print(json.dumps(main()))
