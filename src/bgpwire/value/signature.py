"""What ``inspect.signature`` says of a compiled class."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any


class TwinSignature:
    """As ``__signature__`` of a compiled class: the signature of its pure twin, types included."""

    def __get__(self, value: Any, cls: type) -> inspect.Signature:
        twins = import_module(cls.__module__.replace("._cython.", "._python."))
        return inspect.signature(getattr(twins, cls.__name__))
