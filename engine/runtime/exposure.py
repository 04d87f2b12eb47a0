"""Which tensors of a model become outputs: what sites need, and the model's own softmaxes where they cost little."""

from collections.abc import Iterable

from engine.model.description import ModelDescription
from engine.runtime.probe import MOST_PATTERN_BYTES, has_open_tokens, pattern_bytes
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite, Derived, SitePlan


def exposed(description: ModelDescription, *, comparing: bool = False) -> tuple[str, ...]:
    """Return the tensors that every run may be asked for.

    An output takes memory in every run, asked for or not: softmaxes of many tokens are left out.

    Args:
        description: of the model.
        comparing: also softmaxes whose size the input decides, for runs on few tokens.
    """
    names: set[str] = set()
    small = pattern_bytes(description) <= MOST_PATTERN_BYTES
    fixed = small and (comparing or not has_open_tokens(description))
    for site in description.sites:
        plan = site.plan
        names |= {operand.value for operand in (*plan.operands(), *_given(plan))}
        if plan.pattern is not None and (fixed and plan.reveal is None if site.factored else small):
            names.add(plan.pattern.value)
    return tuple(sorted(names - _known(description)))


def kept(description: ModelDescription) -> tuple[str, ...]:
    """Return the tensors that every run keeps: queries, keys, values, biases; a softmax where nothing else is."""
    names: dict[str, None] = {}
    for site in description.sites:
        plan = site.plan
        wanted = (*plan.operands(), *_given(plan)) if site.factored else (plan.pattern, plan.value)
        names.update({operand.value: None for operand in wanted if operand is not None})
    known = _known(description)
    return tuple(name for name in names if name not in known)


def fetchable(description: ModelDescription, names: tuple[str, ...]) -> list[str]:
    """Return what views may ask for after a run, and `names`: where only paths to fetches execute it costs nothing."""
    own = [site.plan.pattern.value for site in description.sites if site.plan.pattern is not None]
    maps = [name for layer in description.convolutions for name in (layer.output, layer.activation, layer.weight)]
    head = () if description.head is None else (description.head.maps,)
    known = _known(description)
    return [name for name in dict.fromkeys((*names, *own, *maps, *head)) if name and name not in known]


def derived(sites: Iterable[AttentionSite], names: set[str]) -> list[Derived]:
    """Return the operators to append for sites of which one of `names` is computed by such."""
    return [
        node
        for site in sites
        if any(names & set(part.outputs) for part in site.plan.derived)
        for node in site.plan.derived
    ]


def _given(plan: SitePlan) -> tuple[Operand, ...]:
    """What a fused operator gives, to compare with: pattern · V."""
    hidden = plan.pattern is None or plan.reveal is not None
    return (plan.output,) if hidden and plan.output is not None else ()


def _known(description: ModelDescription) -> set[str]:
    return {info.name for info in (*description.inputs, *description.outputs)}
