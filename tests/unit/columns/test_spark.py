"""Spark itself, where pyspark and a Java machine are: batches of the profile are its rows, value for value."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest
from support.places import SAMPLES

pytest.importorskip("pyarrow")

PROGRAM = """
import datetime, sys
import bgpwire, pyarrow
from pyspark.sql import Row, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema

FILES = sys.argv[1:]
FIELDS = list(bgpwire.columns.COLUMNS)

class Reader(DataSourceReader):
    def partitions(self):
        return [InputPartition(path) for path in FILES]
    def read(self, partition):
        for batch in bgpwire.columns.read(partition.value, FIELDS, profile="spark", batch_size=50):
            yield pyarrow.record_batch(batch)

class Mrt(DataSource):
    @classmethod
    def name(cls):
        return "mrt"
    def schema(self):
        return from_arrow_schema(pyarrow.schema(bgpwire.columns.read((), FIELDS, profile="spark")))
    def reader(self, schema):
        return Reader()

def plain(value):
    if isinstance(value, Row):
        return {name: plain(part) for name, part in value.asDict().items()}
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return bytes(value) if isinstance(value, bytearray) else value

session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
session.dataSource.register(Mrt)
rows = [plain(row) for row in session.read.format("mrt").load().collect()]
table = bgpwire.columns.read(FILES, FIELDS, profile="spark").to_arrow()
print(len(rows), [plain(row) for row in table.to_pylist()] == rows)
session.stop()
"""


@pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: pip install --group spark")
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark takes a Java machine: default-jre-headless")
def test_spark(impl: Any) -> None:
    files = [str(SAMPLES / name) for name in ("demo.mrt", "demo-rib.mrt", "evpn.mrt")]
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYSPARK_PYTHON": sys.executable,
        "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION,
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM, *files], env=env, capture_output=True, text=True, check=False)
    number = sum(len(list(impl.mrt.open(path))) for path in files)
    assert done.stdout.splitlines()[-1:] == [f"{number} True"], done.stderr[-2000:]
