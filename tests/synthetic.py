"""Runs made of random numbers: any number of sites, heads and tokens, without a model file."""

import itertools

import numpy as np

from engine import AttentionSite, ModelDescription, Run, TensorInfo
from engine.images.plan import ImagePlan, Photo, Prepared
from engine.model.description import ConvLayer
from engine.sites.layout import Operand, axes
from engine.sites.site import SitePlan, Step


def make_run(
    sites=3,
    heads=4,
    grid=(3, 5),
    prefix=1,
    dim=8,
    patch=4,
    image=True,
    seed=0,
    dtype=np.float32,
    batch=1,
    layout="batch head token dim",
):
    """Return a run of a ViT-like model whose queries and keys are random and whose heads all differ.

    `grid` (rows, columns), `heads` and `layout` may be lists, one entry for each site.
    """
    each = lambda value: value if isinstance(value, list) else [value] * sites  # noqa: E731
    rng = np.random.default_rng(seed)
    found, tensors = [], {}
    for index, (count, cells, order) in enumerate(zip(each(heads), each(grid), each(layout), strict=True)):
        tokens = prefix + cells[0] * cells[1]
        sizes = {"batch": batch, "head": count, "token": tokens, "dim": dim}
        shape = [int(np.prod([sizes[part] for part in axis])) for axis in axes(order)]
        operands = [Operand(f"{part}{index}", axes(order)) for part in "qkv"]
        for operand in operands:
            tensors[operand.value] = rng.standard_normal(shape, dtype=np.float32).astype(dtype)
        plan = SitePlan(
            *operands, steps=(Step("scale", factor=dim**-0.5),), factor_sizes=(("head", count), ("dim", dim))
        )
        found.append(
            AttentionSite(f"layer {index}", index, "self", count, "synthetic", dim**-0.5, False, True, (), plan=plan)
        )
    return _run(tuple(found), tensors, each(grid), patch, image, rng)


def _run(sites, tensors, grids, patch, image, rng):
    rows, columns = grids[0][0] * patch, grids[0][1] * patch
    convolutions = tuple(
        ConvLayer(f"conv{i}", i, f"c{i}", 3, 3, (s, s), (s, s), (1, 1), (0, 0, 0, 0), 1)
        for i, s in enumerate([patch] + [a[0] // b[0] for a, b in itertools.pairwise(grids) if a != b])
    )
    plan = ImagePlan((rows, columns))
    pixels = rng.integers(0, 256, (rows * 4, columns * 4, 3), dtype=np.uint8)
    tensor = np.zeros((1, 3, rows, columns), np.float32)
    model = ModelDescription(
        name="synthetic",
        path="synthetic.onnx",
        inputs=(TensorInfo("pixels", "float32", (1, 3, rows, columns)),),
        outputs=(),
        sites=sites,
        near_misses=(),
        convolutions=convolutions if image else (),
        positions=(),
        opset=17,
        producer="",
        parameters=0,
        nodes=0,
        image_input="pixels" if image else None,
        image_plan=plan if image else None,
    )
    prepared = Prepared(tensor, Photo(pixels, "noise.png", (rows * 4, columns * 4)), (0, 0, 1, 1), plan)
    return Run(model, {"pixels": tensor}, {}, tensors, image=prepared if image else None)


def full_pattern(run, site):
    """Return the whole pattern, computed here and not by the engine: (batch, head, query, key) float64."""
    q, k = (np.asarray(array, np.float64) for array in (run.query(site), run.key(site)))
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) * site.scale
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
