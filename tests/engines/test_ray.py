"""Ray's data source: its tasks, called here as Ray calls them elsewhere, give the rows of one reading.

No cluster is started: those of Ray listen on every address of a machine.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from support.engines import SIZE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    find_spec("ray") is None or find_spec("pyarrow") is None, reason="ray is not installed: make test-engines"
)


def rows_of(impl: Any, archives: list[Path], **how: Any) -> tuple[Any, int]:
    """A table of what all tasks give, after they have been pickled, and how many tasks there are."""
    pa, pickle = import_module("pyarrow"), import_module("ray.cloudpickle")
    source = import_module("bgpwire.spread.ray").MrtDatasource(archives, list(impl.columns.COLUMNS), **how)
    assert source.estimate_inmemory_data_size() is None
    tasks = source.get_read_tasks(200)
    assert [list(task.metadata.input_files) for task in tasks] == [[piece.file] for piece in source._pieces]
    return pa.concat_tables(table for task in tasks for table in pickle.loads(pickle.dumps(task))()), len(tasks)


def test_rows(impl: Any, archives: list[Path]) -> None:
    with pytest.warns(impl.MrtWarning, match="no record header"):
        table, tasks = rows_of(impl, archives, size=SIZE, batch_size=50)
    own = impl.columns.read(archives, list(impl.columns.COLUMNS), profile="spark", on_skip=lambda _: None).to_arrow()
    assert table.combine_chunks() == own.combine_chunks()
    assert tasks > 2 * len(archives)


def test_a_filter_and_a_number_of_pieces(impl: Any, archives: list[Path]) -> None:
    """A piece without a row is a table without rows."""
    table, tasks = rows_of(impl, archives[:2], pieces=4, filter=impl.Filter(type="R"))
    assert len(table) == sum(route.type == "R" for path in archives[:2] for route in impl.mrt.open(path)) > 0
    assert 4 <= tasks <= 6
