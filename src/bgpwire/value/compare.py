"""Comparison of a value with what it can never equal."""

from __future__ import annotations

import os
import warnings
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

FOREIGN = (str, IPv4Address, IPv6Address, IPv4Network, IPv6Network)
_HERE = (os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,)


class ComparisonWarning(UserWarning):
    """A value was compared with text or with an ``ipaddress`` object by ``==``: that is always False."""


def unequal(value: Any, other: object) -> Any:
    """What ``value == other`` gives where ``other`` is of another type: ``NotImplemented``.

    Python asks of equal things that they hash equal, so no value equals the text it is written as. Text and
    ``ipaddress`` objects warn, at the line outside this package that compares; ``_example`` of the class is what
    to write instead.
    """
    if isinstance(other, FOREIGN):
        example = getattr(value, "_example", "str() of it")
        warnings.warn(
            f"comparing {type(value).__name__} with {type(other).__name__} is always False; use {example}",
            ComparisonWarning,
            skip_file_prefixes=_HERE,
        )
    return NotImplemented
