"""What took the fast way through the decoders, what was handed back to ExaBGP, and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

__all__ = ["Counts"]


class Counts:
    """Tallies of one installation; plain attributes, because they are written once a message."""

    __slots__ = ("attributes", "attributes_back", "messages", "messages_back",
                 "messages_refused", "muted", "prefixes", "prefixes_back", "why")  # fmt: skip

    def __init__(self) -> None:
        self.messages = 0
        self.messages_back = 0
        self.messages_refused = 0
        self.attributes = 0
        self.attributes_back = 0
        self.prefixes = 0
        self.prefixes_back = 0
        self.why: Counter[str] = Counter()
        """Reason to how often; see :attr:`report`."""
        self.muted = 0
        """Above 0 while ExaBGP's own code runs: what it calls is part of what was handed back already."""

    def clear(self) -> None:
        """Start again from nothing."""
        self.messages = self.messages_back = self.messages_refused = self.attributes = self.attributes_back = 0
        self.prefixes = self.prefixes_back = 0
        self.why.clear()

    def report(self) -> dict[str, Any]:
        """``messages``, ``attributes`` and ``prefixes``, each ``{"fast": …, "handed_back": …}``, and ``why``.

        ``messages`` has ``refused`` beside: those handed back that ExaBGP raised an error of.

        ``why`` counts, by reason, messages (``message: …``), single attributes (``attribute: …``), whole MP
        attributes of another family (``family: …``) and single NLRI (``prefix: …``) that ExaBGP decoded itself.
        """
        return {
            "messages": {
                "fast": self.messages,
                "handed_back": self.messages_back,
                "refused": self.messages_refused,
            },
            "attributes": {"fast": self.attributes, "handed_back": self.attributes_back},
            "prefixes": {"fast": self.prefixes, "handed_back": self.prefixes_back},
            "why": dict(self.why.most_common()),
        }
