"""Regular expressions over the text of AS paths and communities, matched in time linear in the text.

Python's ``re`` goes back where it went wrong, and for some expressions that takes as long as the path's length is an
exponent; who sends long paths would stop the reader. Here an expression becomes an automaton without memory (Thompson's
construction), whose sets of states are remembered once met. What needs more than that is refused: references to groups
and looking around.

Known are ``. [] [^] * + ? {m,n} () (?:) | ^ $ \\d \\D \\w \\W \\s \\S \\b \\B``, a character behind ``\\`` for itself,
and ``_`` for what it means on a router: a delimiter, the beginning or the end.
"""

from __future__ import annotations

from typing import Literal

from bgpwire.remembered import remember

DELIMITERS = frozenset(" ,{}()[]")
_ALL = frozenset(map(chr, range(128)))
_DIGITS = frozenset("0123456789")
_WORD = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SPACE = frozenset(" \t\n\r\f\v")
_SETS = {"d": _DIGITS, "D": _ALL - _DIGITS, "w": _WORD, "W": _ALL - _WORD, "s": _SPACE, "S": _ALL - _SPACE}
_MOST = 1000
"""The largest number in ``{m,n}``."""
_STEPS = 10_000
"""The largest automaton."""
_DEEPEST = 50
_KNOWN = 500
"""Sets of states that are remembered; then the memory begins anew."""

type Node = (
    tuple[Literal["set"], frozenset[str]]
    | tuple[Literal["at"], str]
    | tuple[Literal["all", "any"], list[Node]]
    | tuple[Literal["repeat"], Node, int, int | None]
)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.depth = 0

    def next(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def take(self) -> str:
        found = self.next()
        if not found:
            raise ValueError("it ends too early")
        self.pos += 1
        return found

    def alternatives(self) -> Node:
        out = [self.sequence()]
        while self.next() == "|":
            self.pos += 1
            out.append(self.sequence())
        return out[0] if len(out) == 1 else ("any", out)

    def sequence(self) -> Node:
        out: list[Node] = []
        while self.next() not in ("", "|", ")"):
            at = self.pos
            item = self.item()
            if item is None:
                raise ValueError(f"nothing to repeat at position {at}")
            bounds = self.bounds()
            if bounds is not None:
                if item[0] == "at" and self.text[at] != "_":
                    raise ValueError(f"nothing to repeat at position {at}")
                item = ("repeat", item, *bounds)
                if self.next() == "?":  # lazy: what matches is the same
                    self.pos += 1
                at = self.pos
                if self.next() == "+" or self.bounds() is not None:
                    raise ValueError(f"repeated twice at position {at}")
            out.append(item)
        return "all", out

    def bounds(self) -> tuple[int, int | None] | None:
        """What a quantifier says, ``None`` where none stands."""
        found = self.next()
        if found and found in "*+?":
            self.pos += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found]
        if found != "{":
            return None
        low, comma, high = self.text[self.pos + 1 :].partition("}")[0].partition(",")
        end = self.pos + 2 + len(low) + len(comma) + len(high)
        plain = all(part.isascii() and (part.isdigit() or not part) for part in (low, high))
        if self.text[end - 1 : end] != "}" or not plain or not (low or comma):
            return None  # a brace for itself
        if max(len(low), len(high)) > 9 or max(int(low or 0), int(high or 0)) > _MOST:
            raise ValueError(f"more than {_MOST} times")
        self.pos = end
        first = int(low or 0)
        last = (int(high) if high else None) if comma else first
        if last is not None and last < first:
            raise ValueError(f"from {first} to {last} times")
        return first, last

    def item(self) -> Node | None:
        begin = self.pos
        if self.bounds() is not None:
            self.pos = begin
            return None
        found = self.take()
        match found:
            case "(":
                return self.group()
            case "[":
                return "set", self.members()
            case ".":
                return "set", _ALL - {"\n"}
            case "^" | "$" | "_":
                return "at", found
            case "\\":
                return self.escape()
        return "set", frozenset(found)

    def group(self) -> Node:
        if self.next() == "?":
            self.pos += 1
            if self.take() != ":":
                raise ValueError("of groups with (? only (?: is known: no looking around, names or flags")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError(f"more than {_DEEPEST} groups inside each other")
        inside = self.alternatives()
        if self.next() != ")":
            raise ValueError("a group without an end")
        self.pos += 1
        self.depth -= 1
        return "all", [inside]

    def escape(self) -> Node:
        found = self.take()
        if found in _SETS:
            return "set", _SETS[found]
        if found in "bB":
            return "at", found
        return "set", frozenset(self.literal(found))

    @staticmethod
    def literal(found: str) -> str:
        if found.isalnum():
            raise ValueError(f"\\{found} is not known: no references to groups")
        return found

    def members(self) -> frozenset[str]:
        """What a class in brackets holds; ``_`` in it is any delimiter."""
        inverted = self.next() == "^"
        self.pos += inverted
        out: set[str] = set()
        first = True
        while (found := self.take()) != "]" or first:
            first = False
            if found == "_":
                out |= DELIMITERS
                continue
            if found == "\\":
                found = self.take()
                if found in _SETS:
                    out |= _SETS[found]
                    continue
                found = self.literal(found)
            if self.next() == "-" and self.text[self.pos + 1 : self.pos + 2] not in ("]", ""):
                self.pos += 1
                last = self.take()
                last = self.literal(self.take()) if last == "\\" else last
                if not found <= last or last > "\x7f":
                    raise ValueError(f"{found}-{last} is no range")
                out.update(map(chr, range(ord(found), ord(last) + 1)))
            else:
                out.add(found)
        return _ALL - out if inverted else frozenset(out)


class PathRegex:
    """``search(text)``: whether the expression matches anywhere in it. ValueError for an expression not known."""

    def __init__(self, text: str) -> None:
        parser = _Parser(text)
        tree = parser.alternatives()
        if parser.next():
            raise ValueError("a bracket ) too many")
        # Each step: what it reads or asks, and the steps behind it. The last is the match.
        self._sets: list[frozenset[str] | None] = []
        self._asks: list[str] = []
        self._after: list[list[int]] = []
        self._work = 0
        end = self._step(None, "", [])
        self._end = end
        self._start = self._build(tree, end)
        self._known: dict[tuple[frozenset[int], str, str], tuple[frozenset[int], str] | None] = {}

    def _step(self, read: frozenset[str] | None, ask: str, after: list[int]) -> int:
        if len(self._sets) >= _STEPS:
            raise ValueError("it is too large")
        self._sets.append(read)
        self._asks.append(ask)
        self._after.append(after)
        return len(self._sets) - 1

    def _build(self, node: Node, after: int) -> int:
        """The steps of ``node``, which go on to ``after``; gives the first of them."""
        self._work += 1
        if self._work > _STEPS:
            raise ValueError("it is too large")
        match node:
            case ("set", members):
                return self._step(members, "", [after])
            case ("at", ask):
                if ask == "_":
                    reading = self._step(DELIMITERS, "", [after])
                    return self._step(
                        None, "", [reading, self._step(None, "^", [after]), self._step(None, "$", [after])]
                    )
                return self._step(None, ask, [after])
            case ("all", nodes):
                for inner in reversed(nodes):
                    after = self._build(inner, after)
                return after
            case ("any", nodes):
                return self._step(None, "", [self._build(inner, after) for inner in nodes])
            case ("repeat", inner, low, high):
                return self._repeat(inner, low, high, after)
        raise AssertionError(node)

    def _repeat(self, inner: Node, low: int, high: int | None, after: int) -> int:
        if high is None:
            loop = self._step(None, "", [after])
            self._after[loop].append(self._build(inner, loop))
            after = loop
        else:
            end = after
            for _ in range(high - low):
                after = self._step(None, "", [end, self._build(inner, after)])
        for _ in range(low):
            after = self._build(inner, after)
        return after

    def search(self, text: str) -> bool:
        """Time and memory linear in ``text``."""
        known = self._known
        states: frozenset[int] = frozenset()
        # What stands before: nothing, a character of a word, or another.
        before = ""
        for character in (*text, ""):
            key = states, before, character
            try:
                found = known[key]
            except KeyError:
                found = remember(known, key, self._next(states, before, character), _KNOWN)
            if found is None:
                return True
            states, before = found
        return False

    def _next(self, states: frozenset[int], before: str, character: str) -> tuple[frozenset[int], str] | None:
        """Where the automaton stands behind ``character`` (``""``: the end of the text); ``None``: it matches."""
        word = character in _WORD and character != ""
        border = word != (before == "w")
        holds = {"": True, "^": not before, "$": not character, "b": border, "B": not border}
        seen: set[int] = set()
        out: set[int] = set()
        todo = [self._start, *states]
        while todo:
            step = todo.pop()
            if step in seen:
                continue
            seen.add(step)
            if step == self._end:
                return None
            read = self._sets[step]
            if read is not None:
                if character in read:
                    out.update(self._after[step])
            elif holds[self._asks[step]]:
                todo += self._after[step]
        return frozenset(out), "w" if word else "-"
