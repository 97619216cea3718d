"""``bgpwire convert FILE… FOLDER/``: a file for each input, named after it, several at a time."""

from __future__ import annotations

import os
import re
from contextlib import closing, contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from bgpwire.cli.conversion import KINDS, PIECE, Kind, kind_of, writing
from bgpwire.cli.output import NewFile, packing, refusal
from bgpwire.mrt.places import is_url

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from bgpwire.columns import Columns
    from bgpwire.mrt import Archive
    from bgpwire.mrt.file import MrtFile
    from bgpwire.route.filter import Filter

__all__ = ["Folder", "Made", "is_folder"]

_PACKED = re.compile(r"(?:\.mrt)?(?:\.(?:gz|bz2|xz|zst))?$", re.IGNORECASE)
_SEPARATORS = os.sep + (os.altsep or "")
_WAITING = 1 << 20
"""Items of a file that wait for their turn: numbers, so that no file is written later for it."""


def is_folder(output: str) -> bool:
    """Whether the name is a folder's: it ends in a separator, or is that of one and not of a file to be written."""
    if output.endswith(tuple(_SEPARATORS)):
        return True
    return os.path.isdir(output) and kind_of(os.path.basename(output)) is None


class Made(NamedTuple):
    """So many more routes, or records, are written; all of the input ``name`` is."""

    more: int
    name: str | None = None


class Folder:
    """Where the files go."""

    def __init__(self, path: str, form: str, names: list[str], force: bool) -> None:
        """``form`` is a suffix of :data:`KINDS` without its dot. ValueError for what cannot be written."""
        self.path = path
        self.kind: Kind = KINDS[f".{form}"]
        self._owner = os.getpid()
        self._outputs: dict[str, str] = {}
        taken: dict[str, str] = {}
        if not os.path.isdir(path) and os.path.exists(path.rstrip(_SEPARATORS)):
            raise ValueError(f"{path}: is there, and no folder")
        for name in names:
            output = os.path.join(path, f"{_stem(name)}.{form}")
            if (other := taken.get(os.path.normcase(output))) is not None:
                raise ValueError(f"{other} and {name} would both be {output}")
            taken[os.path.normcase(output)] = name
            if refused := refusal(output, names, force, whole=True):
                raise ValueError(refused)
            self._outputs[name] = output

    def output(self, name: str) -> str:
        """What becomes of an input."""
        return self._outputs[name]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Have the folder; nothing that is half written stays in it, nor the folder if it is new and empty."""
        new = not os.path.isdir(self.path)
        if new:
            os.mkdir(self.path)
        try:
            yield
        finally:
            # A process that is ended in the middle clears nothing up.
            for output in self._outputs.values():
                NewFile.drop(output, self._owner)
            if new:
                with suppress(OSError):
                    os.rmdir(self.path)

    def write(
        self, archive: Archive, columns: Columns | None, wanted: Filter | None, rows: int, profile: str | None
    ) -> Generator[Made]:
        """Write the files; ``columns`` is ``None`` for records that are copied. What cannot be read becomes no file,
        and the reports of the archive say why. ImportError where what writes is not installed."""

        def made(file: MrtFile) -> Iterator[Made]:
            name = file._origin.name
            with (
                NewFile(self._outputs[name], self._owner) as (new, out),
                packing(out, self.kind.packed) as packed,
            ):
                if columns is None:
                    records = file.copy(packed.write)
                    while count := sum(1 for _ in islice(records, PIECE)):
                        yield Made(count)
                else:
                    with writing(packed, self.kind, columns) as write:
                        for batch in file.columns(columns.column_names, wanted, rows, profile):
                            write(batch)
                            yield Made(len(batch))
                new.keep()
            yield Made(0, name)

        with self.open(), closing(archive._side_by_side(made, _WAITING, waits=False, cut=False)) as items:  # type: ignore[type-var]
            yield from items


def _stem(name: str) -> str:
    """What an input is called, without its folder, ``.mrt`` and how it is packed. ValueError for standard input."""
    if name == "-":
        raise ValueError("standard input has no name that a file of a folder could have")
    base = os.path.basename(unquote(urlsplit(name).path) if is_url(name) else name)
    return _PACKED.sub("", base) or base
