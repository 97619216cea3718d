"""Text that came off the wire, made fit for a terminal and a log: nothing in it moves the cursor or turns the line.

Names in BGP (of nodes, policies, hosts, software, the reason for a shutdown) are any UTF-8 that a peer likes. Escaped
are the controls C0, DEL and C1 (ECMA-48), the bidirectional controls of Unicode (UAX 9), which make text read other
than it is, and what ends a line (U+2028, U+2029).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import Match

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""``text`` with its controls written out: ``\x1b``, ``\u202e``."""
    return text if text.isprintable() else _CONTROLS.sub(_escape, text)


def _escape(found: Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def visible_json(text: str) -> str:
    r"""JSON text with the controls in its strings as ``\u`` and four digits, which is the same JSON value.

    Those below U+0020 are escaped in JSON anyway; as they stand here they are the layout of it.
    """
    if text.isascii() and "\x7f" not in text:
        return text
    return _CONTROLS.sub(lambda found: found[0] if found[0] < " " else f"\\u{ord(found[0]):04x}", text)
