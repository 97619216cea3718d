"""Comparison of a value with what it can never equal."""

from __future__ import annotations

import os
import warnings
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

_FOREIGN = (str, IPv4Address, IPv6Address, IPv4Network, IPv6Network)
_HERE = (os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,)


class ComparisonWarning(UserWarning):
    """A value was compared with text or with an ``ipaddress`` object by ``==``: that is always False."""


def unequal(value: Any, other: object) -> Any:
    """What ``value == other`` gives where ``other`` is of another type: ``NotImplemented``.

    Python asks of equal things that they hash equal, so no value equals the text it is written as. Text and
    ``ipaddress`` objects warn, at the line outside this package that compares; ``value._example`` says what
    to write instead.
    """
    if isinstance(other, _FOREIGN):
        kind = type(other).__name__
        warnings.warn(
            f"comparing {type(value).__name__} with {kind} is always False; use {value._example}",
            ComparisonWarning,
            skip_file_prefixes=_HERE,
        )
    return NotImplemented
