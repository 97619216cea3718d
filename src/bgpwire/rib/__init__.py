"""Tables of routes: :class:`Table` has what each peer has announced; :class:`Change` is what an UPDATE did to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.rib.change import Change
    from bgpwire.rib.table import Table
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__, {"Change": "bgpwire.rib.change", "Table": "bgpwire.rib.table"})

__all__ = ["Change", "Table"]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
