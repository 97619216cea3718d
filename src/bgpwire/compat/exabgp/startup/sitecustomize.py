"""Python runs this in every process that has this directory on its path; see ``bgpwire.compat.exabgp.launch``.

It waits until ExaBGP is imported, and costs nothing where it is not. A ``sitecustomize`` that this one stands
before runs as well.
"""

import os
import sys
from importlib import machinery, util

_WAITED_FOR = ("exabgp.application", "exabgp.configuration", "exabgp.reactor")


class _Waiting:
    """A finder that finds nothing: the import of one of ExaBGP's programs makes it install the hooks."""

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        if name in _WAITED_FOR and self in sys.meta_path:
            sys.meta_path.remove(self)
            try:
                from bgpwire.compat.exabgp import launch

                launch.child()
            except Exception as error:
                print("bgpwire: ExaBGP decodes by itself here:", error, file=sys.stderr)


def _run_next() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    path = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(util.module_from_spec(spec))


if __name__ == "sitecustomize":
    if os.environ.get("BGPWIRE_EXABGP") == "1":
        sys.meta_path.insert(0, _Waiting())
    _run_next()
