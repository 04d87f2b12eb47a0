"""What kind of head it is, by stated thresholds.

Labels are a reading aid, not a proof: a head gets every label whose threshold it meets on this one input.

- positional: the largest weight lies on one relative position (itself, the one before, the patch above, …) in at
  least 90 % of the queries that have a token there (Voita et al. 2019, "Analyzing Multi-Head Self-Attention",
  section 5.1, with "at least 90 % of the time"). Relative positions that fewer than half of the queries have
  are not looked at.
- sink: on average at least half of the weight lies on special tokens, or on the first token (Clark et al. 2019,
  "What Does BERT Look At?", section 3.2; Xiao et al. 2024, "Efficient Streaming Language Models with Attention
  Sinks", section 3.1). The papers show the effect; the half is Mirada's own threshold.
- local and global: the mean attention distance (Dosovitskiy et al. 2021, appendix D.7) is at most half, or at
  least 0.9, of that of uniform attention over the same tokens. Both ratios are Mirada's own.
"""

from typing import Literal

from engine.head_table import HeadNumbers

Label = Literal["positional", "sink", "local", "global"]

POSITIONAL = 0.9
"""Least share of queries whose largest weight lies on one relative position."""
SINK = 0.5
"""Least mean weight on special tokens, or on the first token."""
LOCAL, GLOBAL = 0.5, 0.9
"""Largest and least ratio of the mean distance to that of uniform attention."""
LABELS: tuple[Label, ...] = ("positional", "sink", "local", "global")
"""All labels, most telling first."""


def head_labels(numbers: HeadNumbers) -> tuple[tuple[Label, ...], ...]:
    """Return the labels of each head of a site, most telling first; none where no threshold is met."""
    heads = len(numbers.offset_share)
    means = numbers.means
    ratio = means["distance"] / numbers.uniform if numbers.uniform > 0 else means["distance"] * float("nan")
    met = {
        "positional": numbers.offset_share >= POSITIONAL,
        "sink": (means["special_mass"] >= SINK) | (means["first_mass"] >= SINK),
        "local": ratio <= LOCAL,
        "global": ratio >= GLOBAL,
    }  # comparisons with NaN are false
    return tuple(tuple(label for label in LABELS if met[label][head]) for head in range(heads))
