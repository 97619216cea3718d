"""Routes as text: one module a format, each with a ``formatter()`` that gives a function from Route to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)
