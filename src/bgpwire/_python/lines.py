"""Lines of text out of MRT records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.route import Route
from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire._python.event import Event
    from bgpwire._python.mrt import RecordWalker
    from bgpwire._python.routes import RouteDecoder
    from bgpwire._python.runs import Run
    from bgpwire.route.filter import Filter

__all__ = ["iter_lines"]


def iter_lines(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
    format: str,
    line: Callable[[Route], str],
    size: int,
    filter: Filter | None = None,
    marks: list[tuple[bytes, bytes]] | None = None,
) -> Iterator[bytes]:
    """The routes of all records of ``walker`` as lines in UTF-8, whole ones, about ``size`` octets at a time.

    ``line(route)`` gives the line of a route, or ``""``; the compiled kernel asks it for what is unusual alone where it
    knows the ``format`` of that name. ``filter`` says which routes to show, ``None``: all. ``marks``, for JSON lines
    alone, are what those of ``line`` have in front of all members and behind those of the peer, by the interface index
    of a record; :class:`bgpwire.listen.records.Records` has them. What there is comes before an exception, and before
    the source has to be waited for. A record that cannot be read goes to ``on_fault(event, error)``; ``on_end()`` is
    called behind the last; ``close()`` at the end, at an exception, and when the iterator is dropped.
    """
    if size < 1:
        raise ValueError(f"lines of {size} octets at a time")
    wanted = None if filter is None else filter.predicate
    return _lines(walker, decoder, on_fault, on_end, close, line, size, wanted)


def _lines(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
    line: Callable[[Route], str],
    size: int,
    wanted: Callable[[Route], bool] | None,
) -> Iterator[bytes]:
    of_run: Callable[[Run], tuple[str, Iterable[str], str] | None] | None = getattr(line, "of_run", None)
    decode: Callable[[Event], list[Any]] = decoder.routes_of if of_run is None else decoder._runs_of
    lines: list[str] = []
    held = 0

    def taken() -> bytes:
        nonlocal held
        text = "".join(lines).encode()
        lines.clear()
        held = 0
        return text

    try:
        for event in walker.events():
            try:
                routes = decode(event)
            except DecodeError as error:
                routes = getattr(error, "routes", [])
                on_fault(event, error)
            for route in routes:
                if type(route) is Route:
                    if wanted is None or wanted(route):
                        text = line(route)
                        lines.append(text)
                        held += len(text)
                        if held >= size:
                            yield taken()
                    continue
                if wanted is not None:
                    route.keep(wanted)
                    if not route.octets:
                        continue
                assert of_run is not None
                before, texts, behind = of_run(route) or ("", map(line, map(route.route, range(len(route)))), "")
                for between in texts:
                    text = f"{before}{between}{behind}"
                    lines.append(text)
                    held += len(text)
                    if held >= size:
                        yield taken()
            if held and walker._idle():
                yield taken()
        on_end()
        if held:
            yield taken()
    except Exception:
        if held:
            yield taken()
        raise
    finally:
        close()
