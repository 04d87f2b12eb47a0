"""How text enters a model: read off its inputs and outputs, and the files that lie beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from engine.json_files import first_json, places_of
from engine.messages import Message, declare, translate
from engine.text.files import files_of, find_tokenizer, special_names
from engine.text.plan import Source, Task, TextPlan
from engine.text.rules import inner, with_generation

IDS = ("input_ids", "input_tokens", "tokens", "token_ids", "ids")
NOT_IDS = ("mask", "position", "type", "segment", "past", "cache", "label", "len", "num", "decoder", "flag")
VECTORS = ("sentence_embedding", "token_embeddings", "last_hidden_state", "pooler_output", "text_embeds")
LARGEST_ID = 1 << 31
NO_LIMIT = 100_000
"""tokenizer_config.json writes huge numbers for “no limit”."""
declare(
    {
        "pooling-guessed": translate(
            "engine", "No file says how token vectors become one: their mean is taken (a guess)."
        ),
        "ids-guessed": translate("engine", "The input “{name}” is taken for token numbers (a guess)."),
    }
)


class InputLike(Protocol):
    """An input or output of a graph: its name, NumPy dtype name, and shape with symbolic sizes by name."""

    @property
    def name(self) -> str:
        """Name in the graph."""

    @property
    def dtype(self) -> str:
        """NumPy's name of the element type."""

    @property
    def shape(self) -> tuple[int | str | None, ...]:
        """Sizes, names of sizes, or None."""


def text_plan(
    inputs: Sequence[InputLike],
    outputs: Sequence[InputLike],
    folder: Path | None,
    *,
    image: str | None = None,
    audio: str | None = None,
    positions: int | None = None,
    target_positions: int | None = None,
) -> TextPlan | None:
    """Return how text enters a model with these inputs, whose files lie in `folder`; None where none does.

    Args:
        inputs: of the whole model; a decoder's token numbers are called "decoder_input_ids".
        outputs: of the whole model.
        folder: where its files lie.
        image: the input that takes a photo, if one does.
        audio: the input that takes a sound, if one does.
        positions: tokens that the graph has positions for, where it shows that.
        target_positions: the same of a decoder that is a graph of its own.

    Raises:
        EngineError: a file beside the model is not JSON.
    """
    named = {info.name: info for info in inputs}
    ids, guessed = _ids(inputs)
    target = "decoder_input_ids" if "decoder_input_ids" in named else None
    if ids is None and target is None:
        return None
    places = [] if folder is None else places_of(folder)
    config = first_json(places, "config.json") or {}
    tokenizer = find_tokenizer(places)
    source: Source = "text" if ids is not None else "audio" if audio is not None else "image"
    task = _task(inputs, outputs, config, target, image if ids is not None else None)
    plan = TextPlan(
        source=source,
        task=task,
        ids=ids,
        mask=next((n for n in ("attention_mask", "input_mask") if n in named), None) if ids is not None else None,
        types=next((n for n in ("token_type_ids", "segment_ids") if n in named), None),
        target=target,
        target_mask="decoder_attention_mask" if "decoder_attention_mask" in named else None,
        tokenizer=None if tokenizer is None else str(tokenizer),
        files=() if tokenizer is None else files_of(tokenizer),
        length=_length(named, ids),
        target_length=_length(named, target),
        pad=_pad(config),
        mask_token=special_names(places).get("mask_token"),
        vocabulary=_vocabulary(outputs, config),
        past=any("past" in info.name.lower() for info in inputs),
        notes=(Message.of("ids-guessed", name=ids),) if guessed else (),
    )
    plan = _limited(plan, config, places, positions, target_positions)
    if task in ("next", "translate"):
        plan = with_generation(plan, places)
    return _pooled(plan, outputs, places) if task == "embed" else plan


def _ids(inputs: Sequence[InputLike]) -> tuple[str | None, bool]:
    """Return the input for the token numbers of a source, and whether that is a guess."""
    whole = [i for i in inputs if i.dtype in ("int64", "int32") and len(i.shape) == 2]
    for name in IDS:
        if any(info.name == name for info in whole):
            return name, False
    left = [i.name for i in whole if not any(word in i.name.lower() for word in NOT_IDS)]
    return (left[0], True) if len(left) == 1 else (None, False)


def _task(
    inputs: Sequence[InputLike],
    outputs: Sequence[InputLike],
    config: Mapping[str, Any],
    target: str | None,
    image: str | None,
) -> Task:
    """What the model makes of a text: told by its outputs, then by the name of its class."""
    names = {info.name for info in outputs}
    kind = " ".join(str(name) for name in config.get("architectures") or ())
    if target is not None:
        return "translate"
    if image is not None:
        return "compare" if {"logits_per_image", "text_embeds", "image_embeds"} & names else "read"
    scores = [info for info in outputs if "logits" in info.name.lower() or info.name in ("output", "scores")]
    if any(len(info.shape) == 3 for info in scores):
        if "MaskedLM" in kind or "ForPreTraining" in kind:
            return "masked"
        past = any("past" in info.name.lower() for info in inputs) or any("present" in name for name in names)
        return "next" if "CausalLM" in kind or "LMHead" in kind or past else "read"  # the first run tells the rest
    if any(len(info.shape) == 2 and not isinstance(info.shape[1], str) for info in scores):  # else one for each token
        return "classify"
    return "embed" if names & set(VECTORS) else "read"


def settled(plan: TextPlan, outputs: Sequence[InputLike], *, causal: bool, folder: Path) -> TextPlan:
    """Return the plan once a run has shown whether tokens see later ones: such models fill in, others go on."""
    if plan.task != "read" or plan.target is not None or plan.vocabulary is None:
        return plan
    if not any(len(info.shape) == 3 and info.shape[-1] == plan.vocabulary for info in outputs):
        return plan
    if not causal:
        return replace(plan, task="masked")
    return with_generation(replace(plan, task="next"), places_of(folder))


def _length(named: Mapping[str, InputLike], name: str | None) -> int | None:
    size = None if name is None else named[name].shape[1]
    return size if isinstance(size, int) and size > 0 else None


def _pad(config: Mapping[str, Any]) -> int:
    for part in (config, *(config.get(k) for k in ("text_config", "decoder", "encoder"))):
        found = part.get("pad_token_id") if isinstance(part, Mapping) else None
        if isinstance(found, int) and 0 <= found < LARGEST_ID:
            return int(found)
    return 0


def _vocabulary(outputs: Sequence[InputLike], config: Mapping[str, Any]) -> int | None:
    for part in (config, *(config.get(k) for k in ("text_config", "decoder"))):
        found = part.get("vocab_size") if isinstance(part, Mapping) else None
        if isinstance(found, int) and 1 < found < LARGEST_ID:
            return found
    sizes = [info.shape[-1] for info in outputs if "logits" in info.name.lower() and len(info.shape) == 3]
    return next((size for size in sizes if isinstance(size, int)), None)


def _limited(
    plan: TextPlan,
    config: Mapping[str, Any],
    places: Sequence[Path],
    positions: int | None,
    behind: int | None,
) -> TextPlan:
    """Add how many tokens a text may have: the fewest that the graph or a file allows."""
    text, decoder = inner(config, "text_config"), inner(config, "decoder")

    def least(*values: object) -> int | None:
        good = [v for v in values if isinstance(v, int) and not isinstance(v, bool) and 1 < v < NO_LIMIT]
        return min(good, default=None)

    said = (first_json(places, "tokenizer_config.json") or {}).get("model_max_length")
    absolute = config.get("model_type") not in ("t5", "mt5", "umt5")  # relative positions: any length goes
    table = _rows(config, text.get("max_position_embeddings")) if absolute else None
    keys = ("n_positions", "n_ctx", "max_sequence_length") if absolute else ()
    own = least(table, positions, *(config.get(key) for key in keys), config.get("max_length_positions"))
    source = least(own, said) if plan.ids is not None else None
    target = least(
        behind,
        config.get("max_target_positions"),
        *(decoder.get(key) for key in ("max_position_embeddings", "n_positions", "n_ctx")),
        own if plan.ids is not None or not decoder else None,
    )
    return replace(plan, limit=source, target_limit=target if plan.target is not None else None)


def _rows(config: Mapping[str, Any], inside: object) -> int | None:
    """Return how many positions config.json gives; RoBERTa's begin behind the padding's number."""
    rows = config.get("max_position_embeddings", inside)
    if not isinstance(rows, int):
        return None
    kind = str(config.get("model_type") or "")
    behind = kind in ("roberta", "xlm-roberta", "camembert", "longformer", "mpnet")
    pad = config.get("pad_token_id")
    return rows - (pad if isinstance(pad, int) else 1) - 1 if behind else rows


def _pooled(plan: TextPlan, outputs: Sequence[InputLike], places: Sequence[Path]) -> TextPlan:
    """Add how token vectors become one (Reimers and Gurevych 2019): as 1_Pooling/config.json says, else their mean."""
    if any(info.name in ("sentence_embedding", "text_embeds") for info in outputs):
        return plan
    modules = [place / "1_Pooling" for place in places]
    said = first_json(modules, "config.json")
    normalised = any((place / "2_Normalize").is_dir() for place in places)
    if said is None:
        guess = Message.of("pooling-guessed")
        return replace(plan, pooling="mean", normalised=normalised, notes=(*plan.notes, guess))
    ways = {
        "cls": "pooling_mode_cls_token",
        "max": "pooling_mode_max_tokens",
        "last": "pooling_mode_lasttoken",
        "mean": "pooling_mode_mean_tokens",
    }
    way = next((name for name, key in ways.items() if said.get(key)), str(said.get("pooling_mode") or "mean"))
    return replace(plan, pooling=way, normalised=normalised)
