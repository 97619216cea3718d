"""Bytecode of the interpreters that tests start: each would compile all that it imports, where none may be kept.

``PYTHONDONTWRITEBYTECODE`` says that nothing is to be written beside the sources; this is a folder that ends with the
run. To compile what one interpreter imports takes as long as all else that it does.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def keep(config: pytest.Config) -> None:
    """For children of a process that runs tests; of one that only shares them out, there are none but these."""
    shares_out = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if sys.dont_write_bytecode and not sys.pycache_prefix and not shares_out:
        folder = tempfile.mkdtemp(prefix="bgpwire-bytecode-")
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
