"""The list of scenarios, and what a scenario hands back."""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .daemons import VERSIONS
from .lab import Lab, RecordingError

FOLDER = Path(__file__).resolve().parent.parent
LARGEST = 50_000

Route = dict[str, Any]


@dataclass
class Speaker:
    """Who sent a share of what a recording holds."""

    daemon: str
    address: str
    asn: int


@dataclass
class Scenario:
    """One function that makes one or more recordings."""

    name: str
    text: str
    record: Callable[[Lab], None]
    daemons: tuple[str, ...] = field(default=())


SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str, text: str, *daemons: str) -> Callable[[Callable[[Lab], None]], Callable[[Lab], None]]:
    """Register a scenario under a name, with a line about it and the daemons it needs."""

    def register(function: Callable[[Lab], None]) -> Callable[[Lab], None]:
        SCENARIOS[name] = Scenario(name, text, function, daemons)
        return function

    return register


def save(
    name: str,
    recording: Path,
    recorder: str,
    speakers: Iterable[Speaker],
    routes: list[Route],
    suffix: str = "mrt",
    **more: Any,
) -> None:
    """Copy a finished recording into the samples, and write beside it what the speakers were told to send."""
    size = recording.stat().st_size if recording.exists() else 0
    if not 0 < size < LARGEST:
        raise RecordingError(f"{name}.{suffix} would hold {size} octets")
    target = FOLDER / f"{name}.{suffix}"
    shutil.copyfile(recording, target)
    target.chmod(0o644)
    expected = {
        "recording": target.name,
        "recorded_by": VERSIONS[recorder](),
        "speakers": [
            {"daemon": VERSIONS[speaker.daemon](), "address": speaker.address, "asn": speaker.asn}
            for speaker in speakers
        ],
        **more,
        "routes": routes,
    }
    (FOLDER / f"{name}.expected.json").write_text(_layout(expected))
    print(f"  {target.name}: {size} octets, {len(routes)} routes expected")


def _layout(document: dict[str, Any]) -> str:
    """JSON with one line for each item of a top-level list, so that a change shows as a line."""
    members = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            lines = ",\n".join(f"    {json.dumps(item, sort_keys=False)}" for item in value)
            members.append(f"  {json.dumps(key)}: [\n{lines}\n  ]")
        else:
            members.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"
