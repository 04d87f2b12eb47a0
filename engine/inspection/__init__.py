"""A model's description as plain text and as JSON."""

from engine.inspection.as_json import FORMAT, as_json
from engine.inspection.as_text import as_text, resize_text, shape_text, tokens_text

__all__ = ["FORMAT", "as_json", "as_text", "resize_text", "shape_text", "tokens_text"]
