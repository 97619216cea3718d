"""Records small MRT files from real BGP daemons that peer inside network namespaces."""

from . import api, demo, foundation, frr_features, rich, vpls
from .lab import Lab, RecordingError
from .scenarios import SCENARIOS

__all__ = ["SCENARIOS", "Lab", "RecordingError", "api", "demo", "foundation", "frr_features", "rich", "vpls"]
