"""Lines for people: aligned columns, coloured on a terminal.

``+`` announced, ``-`` withdrawn, ``=`` in the table (RIB), ``~`` session state; then prefix, peer, AS path with
the letter that routers print for ORIGIN (``i`` IGP, ``e`` EGP, ``?`` incomplete), and what else the route says.
Times are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Prefix
from bgpwire.numbers import attribute as codes
from bgpwire.numbers import state_name
from bgpwire.route.form import WITH_FIELDS, malformed_names
from bgpwire.text.paint import plain
from bgpwire.text.shared import per_block, per_peer
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import PathAttributes
    from bgpwire.route.kernels import Event, Route
    from bgpwire.text.paint import Paint

_SIGNS = {"A": "+", "W": "-", "R": "=", "S": "~"}
_COLOURS = {"A": "green", "W": "red", "R": "blue", "S": "yellow"}
_ORIGINS = {0: "i", 1: "e", 2: "?"}


def time_text(event: Event) -> str:
    """``2016-08-11 16:00:00``, with microseconds where the event has them."""
    text = datetime.fromtimestamp(event.seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return text if event.microseconds is None else f"{text}.{event.microseconds:06}"


class _Column:
    """Pads to the widest text so far, which a prefix or a peer reaches within a few lines."""

    def __init__(self, width: int, limit: int) -> None:
        self.width = width
        self.limit = limit

    def pad(self, text: str) -> str:
        if self.width < len(text) <= self.limit:
            self.width = len(text)
        return " " * (self.width - len(text))


def _path(attributes: PathAttributes, paint: Paint) -> str:
    """The AS path, its origin emphasised, and the letter of ORIGIN."""
    path = attributes.as_path
    text = "" if path is None else str(path)
    before, blank, last = text.rpartition(" ")
    origin = attributes.origin
    letter = "" if origin is None else _ORIGINS[int(origin)]
    return f"{before}{blank}{paint('bold', last)} {paint('dim', letter)}".strip()


def _details(attributes: PathAttributes, paint: Paint) -> str:
    """Everything else, each with its name."""
    parts = []
    for name, code in (("med", 4), ("pref", 5)):
        value = attributes.get(code)
        if value is not None:
            parts.append(f"{paint('dim', name)} {value}")
    if attributes.atomic_aggregate:
        parts.append("atomic")
    if attributes.aggregator is not None:
        parts.append(f"{paint('dim', 'aggregator')} AS{attributes.aggregator}")
    for code in (codes.COMMUNITIES, codes.LARGE_COMMUNITY, codes.EXTENDED_COMMUNITIES):
        values = attributes.get(code)
        if values is not None:
            parts.append(paint("magenta", visible(str(values))))
    for attribute in attributes.walk():
        if attribute.code not in WITH_FIELDS and not attribute.duplicate:
            value = attributes.get(attribute.code)
            if value is not None:
                parts.append(f"{paint('dim', attribute.name)} {visible(str(value))}")
    parts.extend(paint("red", f"malformed {name}") for name in malformed_names(attributes))
    return "".join(f"  {part}" for part in parts)


def _nlri_text(route: Route) -> str:
    nlri: Any = route.nlri
    text = visible(str(nlri))
    family = route.family
    if family is not None and (family[1] != 1 or type(nlri) is not Prefix):
        text = f"{family} {text}"
    return text if route.path_id is None else f"{text} #{route.path_id}"


def _hop(route: Route, paint: Paint) -> str:
    """Where to: the next hop, and the labels to reach it with."""
    hop = route.next_hop
    text = "" if hop is None else f"  {paint('dim', 'via')} {hop}"
    labels = getattr(route.nlri, "labels", None)
    return f"{text}  {paint('dim', 'label')} {labels}" if labels else text


def formatter(paint: Paint = plain) -> Callable[[Route], str]:
    """A function that gives the line of a route, its newline included.

    Columns grow with what they meet, so lines depend on those before them.
    """
    event: Event | None = None
    time = ""
    fields = per_block(lambda attributes: (_path(attributes, paint), _details(attributes, paint)))
    peer = per_peer(str)
    prefixes, who = _Column(26, 60), _Column(22, 52)

    def line(route: Route) -> str:
        nonlocal time, event
        if route.event is not event:
            event = route.event
            time = paint("dim", time_text(event))
        kind = route.type
        colour = _COLOURS[kind]
        name = peer(route.peer)
        head = f"{time}  {paint(colour, _SIGNS[kind])}"
        if route.states is not None:
            old, new = map(state_name, route.states)
            step = f"{old} -> {new}"
            return f"{head}  {paint(colour, step)}{prefixes.pad(step)}  {paint('cyan', name)}\n"
        nlri = _nlri_text(route)
        head = f"{head}  {paint(colour, nlri)}{prefixes.pad(nlri)}  {paint('cyan', name)}"
        if kind == "W":
            return head + "\n"
        assert route.attributes is not None
        path, details = fields(route.attributes)
        return f"{head}{who.pad(name)}  {path}{_hop(route, paint)}{details}\n"

    return line
