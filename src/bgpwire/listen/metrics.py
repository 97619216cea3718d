"""Numbers that say how it goes, in the text format of Prometheus (exposition format 0.0.4)."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    type Values = Iterable[tuple[Sequence[str], float]]

__all__ = ["CONTENT_TYPE", "OTHER", "Metric", "Registry"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
OTHER: Final = "other"
"""The value of labels under which is summed what there is no room for."""
_MOST: Final = 1000
_NAME: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL: Final = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_HELP_ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n"})


class Metric:
    """One name with its values, one for each set of values of ``labels``: at most ``most`` of them, for peers and
    sources are named by who sends. What comes later is summed under :data:`OTHER`."""

    def __init__(self, name: str, kind: str, text: str, labels: Sequence[str], most: int) -> None:
        if not _NAME.fullmatch(name) or not all(map(_LABEL.fullmatch, labels)):
            raise ValueError(f"{name!r} with {', '.join(labels)}: no name of a metric with labels")
        self.name = name
        self.labels = tuple(labels)
        self._most = most
        self._lock = Lock()
        self._values: dict[tuple[str, ...], float] = {}
        self._read: Callable[[], Values] | None = None
        told = text.translate(_HELP_ESCAPES)
        self._head = f"# HELP {name} {told}\n# TYPE {name} {kind}\n"

    def add(self, amount: float, *labels: str) -> None:
        """Add to a value. ValueError for labels that are more or fewer than there are."""
        with self._lock:
            key = self._key(labels)
            self._values[key] = self._values.get(key, 0) + amount

    def set(self, value: float, *labels: str) -> None:
        """Set a value."""
        with self._lock:
            self._values[self._key(labels)] = value

    def read(self, values: Callable[[], Values]) -> None:
        """Ask ``values()`` for labels and values each time; those of one set of labels are summed."""
        self._read = values

    def samples(self) -> dict[tuple[str, ...], float]:
        """The values by labels."""
        with self._lock:
            if self._read is not None:
                self._values = {}
                for labels, value in self._read():
                    key = self._key(tuple(labels))
                    self._values[key] = self._values.get(key, 0) + value
            return dict(self._values)

    def text(self) -> str:
        """The lines of it; none where there are no values."""
        samples = self.samples()
        if not samples:
            return ""
        lines = [f"{self.name}{self._braced(labels)} {_number(value)}\n" for labels, value in samples.items()]
        return self._head + "".join(lines)

    def _key(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        if len(labels) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {', '.join(self.labels) or '(none)'}")
        if labels in self._values or len(self._values) < self._most:
            return labels
        return (OTHER,) * len(labels)

    def _braced(self, labels: tuple[str, ...]) -> str:
        if not labels:
            return ""
        pairs = (f'{name}="{_clean(value)}"' for name, value in zip(self.labels, labels, strict=True))
        return f"{{{','.join(pairs)}}}"


class Registry:
    """All metrics of a program."""

    def __init__(self, most: int = _MOST) -> None:
        """``most`` is how many sets of labels each has, and one for what is beyond."""
        self._most = most
        self._all: dict[str, Metric] = {}

    def counter(self, name: str, text: str, labels: Sequence[str] = (), most: int | None = None) -> Metric:
        """A new number that only grows; ``text`` says what it counts, ``most`` how many sets of labels it has where
        that is to be another number. ValueError for a name that is there."""
        return self._new(name, "counter", text, labels, most)

    def gauge(self, name: str, text: str, labels: Sequence[str] = ()) -> Metric:
        """A new number that goes up and down."""
        return self._new(name, "gauge", text, labels, None)

    def render(self) -> bytes:
        """All of it, for ``GET /metrics``."""
        return "".join([metric.text() for metric in self._all.values()]).encode()

    def _new(self, name: str, kind: str, text: str, labels: Sequence[str], most: int | None) -> Metric:
        if name in self._all:
            raise ValueError(f"there is a metric {name}")
        metric = self._all[name] = Metric(name, kind, text, labels, self._most if most is None else most)
        return metric


def _clean(value: str) -> str:
    """The value of a label: escaped, and UTF-8 whatever it came from."""
    return value.encode("utf-8", "replace").decode().translate(_ESCAPES)


def _number(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) else repr(float(value))
