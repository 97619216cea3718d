"""What a field is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bgpwire._impl import Reader

type Field = Callable[[Reader], Any]
