"""Run by test_spark.py: ``spark_program.py FOLDER SIZE MARKER all|few``; its last line is what Spark found, as JSON."""

from __future__ import annotations

import datetime
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as f

import bgpwire
from bgpwire.spread import plan
from bgpwire.spread.spark import MrtDataSource

FOLDER, SIZE, MARKER, FEW = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4] == "few"
FIELDS = "type,timestamp,prefix,as_path,origin_asn,peer_asn,offset"
PUSHDOWN = "spark.sql.python.filterPushdown.enabled"


class Dying(MrtDataSource):
    """Whose worker is killed between two batches of a piece in the middle, once."""

    @classmethod
    def name(cls) -> str:
        return "dying"

    def reader(self, schema: Any) -> Any:
        made = super().reader(schema)
        read = made.read

        def dying(partition: Any) -> Any:
            for number, batch in enumerate(read(partition)):
                if number == 1 and partition.value.index == 2 and not os.path.exists(MARKER):
                    Path(MARKER).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
                yield batch

        made.read = dying
        return made


def plain(value: Any) -> Any:
    """A value of Spark's as pyarrow has it, times as seconds."""
    if isinstance(value, Row):
        return {name: plain(part) for name, part in value.asDict().items()}
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return bytes(value) if isinstance(value, bytearray) else value


def counted(frame: Any) -> list[list[Any]]:
    """What support.engines asks DuckDB."""
    found = frame.groupBy("type").agg(
        f.count("*"), f.sum(f.expr("if(as_path is null, null, size(as_path))")), f.sum("origin_asn"),
        f.countDistinct("prefix"), f.min(f.unix_micros("timestamp")),
    )  # fmt: skip
    return sorted(list(row) for row in found.collect())


def error(make: Any) -> str:
    try:
        make()
    except Exception as found:
        return str(found)
    return ""


def main() -> dict[str, Any]:
    session = (
        SparkSession.builder.master("local[2,4]")  # a task may fail three times
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    for source in (MrtDataSource, Dying):
        session.dataSource.register(source)
    files = sorted(str(path) for path in Path(FOLDER).iterdir())
    everything = list(bgpwire.columns.COLUMNS)

    def load(path: str = f"{FOLDER}/*", name: str = "mrt", **options: object) -> Any:
        reader = session.read.format(name).option("fields", FIELDS).option("size", SIZE)
        return reader.options(**options).load(path)

    out: dict[str, Any] = {"version": session.version}
    rows = [plain(row) for row in load(fields=",".join(everything), batch_size=50).collect()]
    table = bgpwire.columns.read(files, everything, profile="spark", on_skip=lambda _: None).to_arrow()
    out["rows"] = len(rows)
    out["same"] = [plain(row) for row in table.to_pylist()] == rows
    out["partitions"] = load().rdd.getNumPartitions(), len(plan(files, size=SIZE))
    out["counted"] = counted(load())
    if FEW:
        return out
    out["folder"] = counted(load(FOLDER))
    out["schema"] = counted(
        session.read.format("mrt")
        .schema("type string, timestamp timestamp, prefix string, as_path array<bigint>, origin_asn bigint")
        .load(f"{FOLDER}/*")
    )
    out["killed"] = counted(load(name="dying", batch_size=3)), os.path.exists(MARKER)
    # Filters.
    some = (f.col("type") == "A") & f.col("origin_asn").isin(64496, 64497)
    some &= f.col("timestamp") >= f.lit("2001-01-01").cast("timestamp")
    out["refused"] = error(lambda: load(pushdown=True).filter(some).collect())
    out["applied"] = counted(load().filter(some))
    session.conf.set(PUSHDOWN, "true")
    out["pushed"] = counted(load(pushdown=True).filter(some))
    out["not asked"] = counted(load().filter(some))
    # Errors.
    out["option"] = error(lambda: load(colour="green").collect())
    out["field"] = error(lambda: load(fields="colour").collect())
    out["none"] = error(lambda: load(f"{FOLDER}/none-*").collect())
    out["strict"] = error(lambda: load(strict=True).collect())
    out["types"] = error(lambda: session.read.format("mrt").schema("type bigint").load(f"{FOLDER}/*").collect())
    session.stop()
    return out


if __name__ == "__main__":
    print(json.dumps(main()))
