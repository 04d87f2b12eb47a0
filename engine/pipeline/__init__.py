"""From what a person gives, a text, a photo, a sound, to a run, and from a run to what it says."""

from engine.pipeline.gather import Feeds, gather, run_on

__all__ = ["Feeds", "gather", "run_on"]
