"""Sizes of axes: numbers, names of sizes that only the input tells, or nothing known; and how they combine."""

import math

Dim = int | str | None
"""A size, the name of a symbolic size, or nothing known."""
Dims = tuple[Dim, ...]


def broadcast(shapes: list[Dims | None]) -> Dims | None:
    """Return the shape that operands broadcast to; None where no rank is known."""
    known = [s for s in shapes if s is not None]
    if not known:
        return None  # one operand of unknown rank is taken to be no larger than the others: biases and masks are
    rank = max(len(s) for s in known)
    padded = [(1,) * (rank - len(s)) + s for s in known]
    return tuple(join([s[axis] for s in padded]) for axis in range(rank))


def join(dims: list[Dim]) -> Dim:
    """Return the size that sizes of one axis broadcast to, numbers before names."""
    wide = [d for d in dims if d != 1]
    numbers = [d for d in wide if isinstance(d, int)]
    return 1 if not wide else numbers[0] if numbers else wide[0]


def solve(source: Dims | None, target: Dims) -> Dims:
    """Replace -1 in a reshape's target by what the rest leaves, where that can be told."""
    if -1 not in target:
        return target
    rest = [d for d in target if d != -1]
    unknown: Dim = None
    if source is not None:
        left = list(source)
        alone = rest.count(None) == left.count(None) == 1  # taken for the same open size, such as the batch
        for d in [d for d in rest if not isinstance(d, int)]:
            if (d is not None or alone) and d in left:
                left.remove(d)
                rest.remove(d)
        if all(isinstance(d, int) for d in left + rest):
            size, other = (
                math.prod(d for d in left if isinstance(d, int)),
                math.prod(d for d in rest if isinstance(d, int)),
            )
            unknown = size // other if other and size % other == 0 else None
        elif len(left) - len([d for d in left if isinstance(d, int)]) == 1 and all(isinstance(d, int) for d in rest):
            size, other = (
                math.prod(d for d in left if isinstance(d, int)),
                math.prod(d for d in rest if isinstance(d, int)),
            )
            unknown = next(d for d in left if not isinstance(d, int)) if size == other else None
    return tuple(unknown if d == -1 else d for d in target)


def product(dims: Dims) -> Dim:
    """Return the size of axes joined into one."""
    numbers = [d for d in dims if isinstance(d, int)]
    if len(numbers) == len(dims):
        return math.prod(numbers)
    return dims[0] if len(dims) == 1 else None
