"""Archives cut into pieces that are read anywhere, and put together in order: what engines share (docs/scale.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.mrt.frame_writer import FrameWriter
    from bgpwire.mrt.piece import Piece
    from bgpwire.spread.merge import in_order
    from bgpwire.spread.planning import plan
    from bgpwire.spread.reading import read
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "FrameWriter": "bgpwire.mrt.frame_writer",
            "Piece": "bgpwire.mrt.piece",
            "in_order": "bgpwire.spread.merge",
            "plan": "bgpwire.spread.planning",
            "read": "bgpwire.spread.reading",
        },
    )

__all__ = ["FrameWriter", "Piece", "in_order", "plan", "read"]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
