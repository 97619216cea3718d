"""Records small files of MRT and BMP from real BGP daemons that peer inside network namespaces."""

from . import api, bmp, demo, foundation, frr_features, rich, vpls
from .lab import Lab, RecordingError
from .scenarios import SCENARIOS

__all__ = ["SCENARIOS", "Lab", "RecordingError", "api", "bmp", "demo", "foundation", "frr_features", "rich", "vpls"]
