"""What is asked of the contenders: a module has its jobs in ``JOBS``, by name; those of daemons' authors come first."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.contender import Job

WHERE = {
    "one_update": "messages",
    "vpn_update": "messages",
    "split": "messages",
    "stress": "messages",
    "announce": "send",
    "announce_one": "send",
    "stream": "stream",
    "stream_large": "stream",
    "held": "held",
    "routes": "archives",
    "table": "archives",
    "table6": "archives",
    "updates": "archives",
    "text": "archives",
    "stats": "archives",
    "stages": "stages",
}


def find(name: str) -> Job:
    """The job of a name."""
    job: Job = import_module(f"benchmarks.jobs.{WHERE[name]}").JOBS[name]
    return job
