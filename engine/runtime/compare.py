"""How far a recomputed pattern is from the model's own: the pattern itself, or what a fused operator makes of V."""

from typing import TYPE_CHECKING

import numpy as np

from engine.runtime.score_steps import operand_of
from engine.sites.layout import TOKENS, Operand
from engine.sites.site import AttentionSite

if TYPE_CHECKING:
    from engine.runtime.run import Run


def error(run: "Run", site: AttentionSite) -> float:
    """Return the largest |recomputed - the model's own|; NaN where there is nothing to compare with."""
    plan = site.plan
    if plan.output is not None and (plan.pattern is None or plan.reveal is not None):
        return _output_error(run, site, plan.output)
    return float("nan") if plan.pattern is None else _pattern_error(run, site)


def _pattern_error(run: "Run", site: AttentionSite) -> float:
    own = run.own_pattern(site)
    worst = 0.0
    for b in range(own.shape[0]):  # one batch item and head at a time: never two full patterns at once
        for h in range(own.shape[1]):
            worst = max(worst, float(np.abs(run.pattern(site, batch=b, head=h) - own[b, h]).max(initial=0.0)))
    return worst


def _output_error(run: "Run", site: AttentionSite, output: Operand) -> float:
    """Return the largest |pattern · V - what the operator gives|; NaN where V is not known."""
    if site.plan.value is None:
        return float("nan")
    own = operand_of(output, site.plan, {output.value: run.tensor(output.value)}, TOKENS, None)
    value = run.value(site)  # (batch, key head, token, dim)
    worst = 0.0
    for b in range(own.shape[0]):
        for h in range(own.shape[1]):
            given = run.pattern(site, batch=b, head=h) @ value[b, h * value.shape[1] // own.shape[1]]
            worst = max(worst, float(np.abs(given - own[b, h]).max(initial=0.0)))
    return worst
