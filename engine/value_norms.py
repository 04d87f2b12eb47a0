"""What a head really takes from a token: its weight times the norm of what the token's value becomes.

Kobayashi et al. 2020, "Attention is Not Only a Weight: Analyzing Transformers with Vector Norms", section 3: a head
adds up α · f(x), f(x) = (x W_V + b_V) W_O, so that ‖α f(x)‖ = α ‖f(x)‖ tells what is moved and α alone does not.
f(x) is v W_O of that head; where W_O was not traced, ‖v‖ stands for it, as `Norms.traced` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task
from engine.sites.site import AttentionSite


@dataclass(frozen=True, eq=False)
class OutputForms:
    """W_O W_Oᵀ of each head: all that ‖v W_O‖ = √(v W_O W_Oᵀ vᵀ) needs, and much smaller than W_O.

    Attributes:
        by_site: site index -> (head, dim, dim) float32; sites whose W_O was not traced are left out.
    """

    by_site: Mapping[int, Floats] = field(repr=False)


@dataclass(frozen=True)
class Norms:
    """Norms of the values of one site.

    Attributes:
        values: (head, key) float32: ‖v W_O‖, or ‖v‖.
        traced: whether they are ‖v W_O‖.
    """

    values: Floats
    traced: bool


@dataclass(frozen=True)
class FindOutputForms(Task):
    """Reads W_O of every site from the model's file; gives `OutputForms`."""

    def work(self, context: Context) -> OutputForms:
        """Trace the weights.

        Raises:
            EngineError: the file can no longer be read, or the task was cancelled.
        """
        from engine.model.weights import weights_of_sites  # needs onnx-ir, which reading a run does not

        context.tell(0, 0)
        found = weights_of_sites(context.model.description)
        forms = {}
        for index, weights in found.items():
            context.tell(index, len(found))
            if weights.output is not None:
                forms[index] = output_form(weights.output.weight)
        return OutputForms(forms)


def output_form(weight: Floats) -> Floats:
    """Return W_O W_Oᵀ of each head, (head, dim, dim), of W_O (head, dim, out)."""
    return cast(Floats, np.matmul(weight, weight.swapaxes(1, 2)).astype(np.float32))


def value_norms(run: Run, site: AttentionSite, batch: int = 0, forms: OutputForms | None = None) -> Norms:
    """Return the norm of what each token's value becomes in each head.

    Args:
        run: the finished run.
        site: the attention.
        batch: item of the batch axis.
        forms: of the run's model; None where nobody read the weights.

    Raises:
        EngineError: the site shows no values, or they were not kept in this run.
    """
    name = ("value norms", site.index, batch, forms)
    if name not in run.memo:
        run.memo[name] = _norms(run, site, batch, forms)
    return cast(Norms, run.memo[name])


def _norms(run: Run, site: AttentionSite, batch: int, forms: OutputForms | None) -> Norms:
    value = run.value(site)  # (batch, key head, key, dim)
    one = value[min(batch, value.shape[0] - 1)].astype(np.float32, copy=False)
    one = one[np.arange(site.heads) * len(one) // site.heads]  # (head, key, dim); grouped queries share values
    form = None if forms is None else forms.by_site.get(site.index)
    if form is None or form.shape != (site.heads, one.shape[2], one.shape[2]):
        return Norms(cast(Floats, np.linalg.norm(one, axis=-1).astype(np.float32)), traced=False)
    squares = np.einsum("hkd,hkd->hk", one @ form, one)  # (head, key)
    return Norms(cast(Floats, np.sqrt(np.maximum(squares, 0)).astype(np.float32)), traced=True)
