"""A plugin for the pytest that runs ExaBGP's own suites: the hooks are in place before its tests are collected."""

from __future__ import annotations

from typing import Any


def pytest_configure(config: Any) -> None:
    """Install the hooks, and leave a report at the end."""
    from bgpwire.compat.exabgp import installed, launch

    if not installed():
        launch.child()
