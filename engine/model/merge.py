"""Several graphs described as one model: their sites one after the other, every name with its part's in front."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.messages import Message
from engine.model.describe import most_positions
from engine.model.description import ConvLayer, ModelDescription, Part, PoolLayer, PositionalEncoding, TensorInfo
from engine.model.joints import PRESENT, RENAMED, STATES, STATES_MASK, is_cache
from engine.model.patches import SiteTokens
from engine.model.positions import words_of_sites
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite, Derived, SitePlan, Step
from engine.text.config import text_plan


def merge(parts: Mapping[str, ModelDescription], folder: Path, *, past: bool = False) -> ModelDescription:
    """Return several graphs as one model, whose path is their folder.

    Args:
        parts: "encoder" and "decoder", or towers that do not depend on each other, in order of execution.
        folder: where they lie.
        past: whether the decoder can keep keys and values of earlier steps.
    """
    models = tuple(parts.values())
    placed = _placed(parts)
    inputs = tuple(info for name, model in parts.items() for info in inputs_of(name, model))
    outputs = tuple(info for name, model in parts.items() for info in _outputs(name, model, parts))
    seeing = next((model for model in models if model.image_input is not None), None)
    audio = next((model.audio for model in models if model.audio is not None), None)
    image = None if seeing is None else seeing.image_input
    decoder = parts.get("decoder")
    text = text_plan(
        inputs,
        outputs,
        Path(models[0].path).parent,
        image=image,
        audio=None if audio is None else audio.input,
        positions=None if seeing is models[0] else most_positions(models[0].positions),
        target_positions=None if decoder is None else most_positions(decoder.positions),
    )
    return ModelDescription(
        name=(folder.parent if folder.name == "onnx" else folder).name or str(folder),
        path=str(folder),
        inputs=inputs,
        outputs=outputs,
        sites=tuple(site for part in placed for site in _sites(part)),
        near_misses=tuple(
            replace(miss, node=f"{part.name}/{miss.node}") for part in placed for miss in part.model.near_misses
        ),
        convolutions=tuple(_layer(part, layer) for part in placed for layer in part.model.convolutions),
        positions=tuple(_position(part, found) for part in placed for found in part.model.positions),
        opset=min(model.opset for model in models),
        producer=models[0].producer,
        parameters=sum(model.parameters for model in models),
        nodes=sum(model.nodes for model in models),
        image_input=image,
        image_plan=None if seeing is None else seeing.image_plan,
        labels=next((model.labels for model in models if model.labels is not None), None),
        notes=tuple(dict.fromkeys(note for model in models for note in model.notes)),
        tokens=_tokens(placed),
        token_image=None if seeing is None else seeing.token_image,
        pools=tuple(_pool(part, pool) for part in placed for pool in part.model.pools),
        text=None if text is None else replace(text, past=text.past or past),
        audio=audio,
        parts=placed,
    )


def _placed(parts: Mapping[str, ModelDescription]) -> tuple[Part, ...]:
    placed: list[Part] = []
    site = layer = 0
    for name, model in parts.items():
        placed.append(Part(name, model, site, layer))
        site, layer = site + len(model.sites), layer + len(model.convolutions)
    return tuple(placed)


def inputs_of(name: str, model: ModelDescription) -> tuple[TensorInfo, ...]:
    """Return what a part asks of the whole model's user: not what another part or an earlier step gives it."""
    if name != "decoder":
        return model.inputs
    own = (i for i in model.inputs if i.name not in (STATES, STATES_MASK) and not is_cache(i.name))
    return tuple(TensorInfo(RENAMED.get(i.name, i.name), i.dtype, tuple(map(_size, i.shape))) for i in own)


def _size(size: int | str | None) -> int | str | None:
    """Open sizes of a decoder are not those of its encoder; the batch is."""
    if not isinstance(size, str) or "batch" in size.lower() or "decoder" in size.lower():
        return size
    return f"decoder_{size}"


def _outputs(name: str, model: ModelDescription, parts: Mapping[str, ModelDescription]) -> tuple[TensorInfo, ...]:
    others = {info.name for part, other in parts.items() if part != name for info in other.outputs}
    return tuple(
        replace(info, name=f"{name}/{info.name}") if info.name in others else info
        for info in model.outputs
        if PRESENT not in info.name.lower()
    )


def output_name(name: str, output: str, whole: ModelDescription) -> str | None:
    """Return what the whole model calls an output of a part; None where it is for the next step alone."""
    known = {info.name for info in whole.outputs}
    return next((n for n in (f"{name}/{output}", output) if n in known), None)


def _tokens(placed: Iterable[Part]) -> tuple[SiteTokens, ...]:
    """What sites' tokens are; what a decoder takes from its encoder are the tokens of the encoder's last site."""
    found: list[SiteTokens] = []
    last = SiteTokens()
    for part in placed:
        for told in part.model.tokens:
            if part.name == "decoder":
                told = _decoded(told, last)
            found.append(told)
        if part.name == "encoder" and part.model.tokens:
            last = part.model.tokens[-1]
    return tuple(found)


def _decoded(told: SiteTokens, encoder: SiteTokens) -> SiteTokens:
    def side(name: str | None, told_at_all: bool) -> tuple[str | None, bool]:
        return (RENAMED.get(name, name) if name is not None else None), told_at_all

    query, query_told = side(told.query_input, told.told[0])
    key, key_told = side(told.key_input, told.told[1])
    if key == STATES:
        return SiteTokens(told.queries, encoder.queries, (query_told, encoder.told[0]), query, encoder.query_input)
    return SiteTokens(told.queries, told.keys, (query_told, key_told), query, key)


def _sites(part: Part) -> Iterable[AttentionSite]:
    for site in part.model.sites:
        yield replace(
            site,
            name=f"{part.name}/{site.name}",
            index=part.first_site + site.index,
            nodes=tuple(f"{part.name}/{node}" for node in site.nodes),
            plan=_plan(part.name, site.plan),
        )


def _plan(name: str, plan: SitePlan) -> SitePlan:
    def moved(operand: Operand | None) -> Operand | None:
        return None if operand is None else Operand(f"{name}/{operand.value}", operand.axes)

    def step(old: Step) -> Step:
        return replace(old, operand=moved(old.operand), fill_operand=moved(old.fill_operand))

    def appended(node: Derived) -> Derived:
        return replace(
            node,
            inputs=tuple(f"{name}/{i}" if i else "" for i in node.inputs),
            outputs=tuple(f"{name}/{o}" for o in node.outputs),
        )

    return replace(
        plan,
        query=moved(plan.query),
        key=moved(plan.key),
        value=moved(plan.value),
        steps=tuple(map(step, plan.steps)),
        pattern=moved(plan.pattern),
        reveal=None if plan.reveal is None else replace(plan.reveal, output=f"{name}/{plan.reveal.output}"),
        product=f"{name}/{plan.product}" if plan.product else "",
        output=moved(plan.output),
        derived=tuple(map(appended, plan.derived)),
    )


def _layer(part: Part, layer: ConvLayer) -> ConvLayer:
    def moved(name: str) -> str:
        return f"{part.name}/{name}" if name else ""

    return replace(
        layer,
        name=moved(layer.name),
        index=part.first_layer + layer.index,
        output=moved(layer.output),
        weight=moved(layer.weight),
        activation=moved(layer.activation),
    )


def _pool(part: Part, pool: PoolLayer) -> PoolLayer:
    return replace(pool, name=f"{part.name}/{pool.name}", output=f"{part.name}/{pool.output}")


def _position(part: Part, found: PositionalEncoding) -> PositionalEncoding:
    """Positions keep the name under which their file has them, and count sites as the whole model does."""
    sites = tuple(part.first_site + index for index in found.sites)
    details = dict(found.where.details)
    if "sites" in details:
        details["sites"] = words_of_sites(sites)
    return replace(found, sites=sites, where=Message.of(found.where.code, **details))
