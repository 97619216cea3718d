"""``python -m bgpwire`` is ``bgpwire``."""

from __future__ import annotations

import sys

from bgpwire.cli import main

if __name__ == "__main__":
    sys.exit(main())
