"""Tables of routes: :class:`Table` has what each peer has announced; :class:`Change` is what an UPDATE did to it.

:func:`at` gives the table of a collector at an instant, out of its files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.rib.change import Change
    from bgpwire.rib.instant import Plan, at, plan
    from bgpwire.rib.table import Table
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "Change": "bgpwire.rib.change",
            "Plan": "bgpwire.rib.instant",
            "Table": "bgpwire.rib.table",
            "at": "bgpwire.rib.instant",
            "plan": "bgpwire.rib.instant",
        },
    )

__all__ = ["Change", "Plan", "Table", "at", "plan"]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
