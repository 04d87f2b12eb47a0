"""What an input decides about a graph: which branch is taken, how often a loop turns. Plain data; needs no onnx."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """One decision that a graph leaves to its inputs, and how it fell when the graph was written out.

    Attributes:
        key: what tells it from the other decisions of the graph.
        node: the operator that it decides about.
        op: its kind: If, Loop or Scan.
        taken: 0 or 1 for a condition, a number of turns for a loop.
        inputs: the model’s inputs that it is computed from; none where it always falls the same.
        cone: a serialised model that computes `taken` from those inputs alone.
    """

    key: str
    node: str
    op: str
    taken: int
    inputs: tuple[str, ...] = ()
    cone: bytes = field(default=b"", repr=False)
