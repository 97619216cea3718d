"""Extended communities by their meaning: one file a group, imported when a community of its types is named.

The key is the full type octet, authority (0x80) and non-transitive (0x40) bits included, and the sub-type:
``type << 8 | subtype``. Nothing is guessed from a part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)
