"""The kernels of columns, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.arrow import schema_capsule, stream_capsule
    from bgpwire._python.batch import Batch, Builder
    from bgpwire._python.columns import iter_batches
else:
    _arrow = load("arrow")
    schema_capsule, stream_capsule = _arrow.schema_capsule, _arrow.stream_capsule
    Batch, Builder = load("batch").Batch, load("batch").Builder
    iter_batches = load("columns").iter_batches

__all__ = ["Batch", "Builder", "iter_batches", "schema_capsule", "stream_capsule"]
