"""NLRI: one file a family, imported when its family is first looked up in :data:`bgpwire.registry.NLRI`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.nlri.base import EMPTY, INVALID, Nlri, NlriContext, UnknownNlri
from bgpwire.nlri.collection import MpNlriCollection, NlriCollection, decode_nlri, decode_single

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)

__all__ = [
    "EMPTY",
    "INVALID",
    "MpNlriCollection",
    "Nlri",
    "NlriCollection",
    "NlriContext",
    "UnknownNlri",
    "decode_nlri",
    "decode_single",
]
