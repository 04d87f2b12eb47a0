"""Make interventions.npz: logits of a tiny ViT under interventions, computed by PyTorch on the module itself.

Run from the repository's root in an environment with tests/conformance/make/requirements.txt installed:
python -m tests.reference.make_interventions
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from tests.conformance.make.hf_vit import vit

OUT = Path(__file__).with_name("interventions.npz")
HEADS, DIM = 3, 4


def main() -> None:
    subject = vit("eager")
    module, pixels = subject.module.eval(), subject.inputs["pixel_values"]
    layers = next(m for m in module.modules() if isinstance(m, nn.ModuleList))
    attentions = [layer.attention for layer in layers]
    table = next(p for name, p in module.named_parameters() if name.endswith("position_embeddings"))
    found = {"pixel_values": pixels.numpy()}

    def run(name: str, *contexts) -> None:
        with torch.no_grad(), ExitStack() as stack:
            for context in contexts:
                stack.enter_context(context)
            out = module(pixels)
        found[name] = (out[0] if isinstance(out, tuple) else getattr(out, "logits", out)).numpy()

    run("plain")
    run("heads off", heads(attentions[1], keep=[1]))
    run("only head", heads(attentions[0], keep=[1]))
    run("temperature", softmaxes(lambda scores: scores / 2))
    run("temperature of one", softmaxes(lambda scores: scores / 0.5, only=1))
    run("uniform", softmaxes(torch.zeros_like, only=1))
    run("no scale", scaling(attentions))
    run("hidden", softmaxes(hidden(3, 5)))
    run("zero value", zero_value(attentions[0], 4))
    run("positions zero", positions(table, torch.zeros_like))
    order = torch.from_numpy(np.random.default_rng(3).permutation(np.arange(table.shape[1] - 1)))
    run("positions shuffled", positions(table, lambda rows: rows[order]))
    run("positions shifted", positions(table, lambda rows: rows.roll(2, 0)))
    run("together", heads(attentions[1], keep=[0, 2]), softmaxes(lambda scores: scores / 3))
    np.savez_compressed(OUT, **found)


@contextmanager
def heads(attention: nn.Module, keep: list[int]):
    def cut(_: nn.Module, args: tuple[Tensor]) -> tuple[Tensor]:
        x = args[0].clone()  # (batch, token, head · dim)
        for head in set(range(HEADS)) - set(keep):
            x[..., head * DIM : (head + 1) * DIM] = 0
        return (x,)

    handle = attention.o_proj.register_forward_pre_hook(cut)
    yield
    handle.remove()


@contextmanager
def softmaxes(change: Callable[[Tensor], Tensor], only: int | None = None):
    original, count = nn.functional.softmax, iter(range(99))

    def changed(scores: Tensor, *args, **kwargs) -> Tensor:
        return original(change(scores) if only in (None, next(count)) else scores, *args, **kwargs)

    nn.functional.softmax = changed
    yield
    nn.functional.softmax = original


def hidden(*tokens: int) -> Callable[[Tensor], Tensor]:
    def hide(scores: Tensor) -> Tensor:
        scores = scores.clone()
        scores[..., list(tokens)] = -torch.inf
        return scores

    return hide


@contextmanager
def scaling(attentions: list[nn.Module]):
    old = [a.scaling for a in attentions]
    for a in attentions:
        a.scaling = 1.0
    yield
    for a, value in zip(attentions, old, strict=True):
        a.scaling = value


@contextmanager
def zero_value(attention: nn.Module, token: int):
    def cut(_: nn.Module, __: tuple[Tensor], out: Tensor) -> Tensor:
        out = out.clone()
        out[:, token] = 0
        return out

    handle = attention.v_proj.register_forward_hook(cut)
    yield
    handle.remove()


@contextmanager
def positions(table: Tensor, change: Callable[[Tensor], Tensor]):
    old = table.detach().clone()
    table.data[0, 1:] = change(old[0, 1:])
    yield
    table.data.copy_(old)


if __name__ == "__main__":
    main()
