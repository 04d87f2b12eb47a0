"""How a model generates text, as generation_config.json (else config.json) beside it says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.json_files import first_json
from engine.messages import Message, declare, translate
from engine.text.plan import Generation, TextPlan

LONGEST_UNSAID = 128
"""Tokens generated at most where neither a file nor the model's positions say."""
UNFOLLOWED = (
    *("no_repeat_ngram_size", "repetition_penalty", "length_penalty", "encoder_no_repeat_ngram_size", "min_length"),
    *("typical_p", "top_p", "penalty_alpha", "diversity_penalty"),
)
NEUTRAL = (0, 1, None)
"""Values with which these settings do nothing."""

declare(
    {
        "start-guessed": translate("engine", "No file says which token a target begins with: {number} is a guess."),
        "generation-unfollowed": translate("engine", "“{name}” asks for {keys}, which Mirada does not follow."),
    }
)


def inner(config: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the configuration of a part of a model; empty where there is none."""
    found = config.get(name)
    return found if isinstance(found, Mapping) else {}


def with_generation(plan: TextPlan, places: Sequence[Path]) -> TextPlan:
    """Return the plan with the rules of generating that generation_config.json (else config.json) gives."""
    config = first_json(places, "config.json") or {}
    rules = first_json(places, "generation_config.json") or {}
    decoder = inner(config, "decoder")
    said = {**decoder, **{k: v for k, v in config.items() if v is not None}}
    said |= {k: v for k, v in rules.items() if v is not None}
    start, forced, guessed = _start(plan, said)
    new, longest = said.get("max_new_tokens"), said.get("max_length")
    longest = new + len(start) if isinstance(new, int) and new > 0 else longest
    bounded = plan.target is not None and isinstance(longest, int) and longest > 1
    made = Generation(
        start=start,
        end=_numbers(said.get("eos_token_id")),
        longest=longest if bounded else None,
        forced=forced,
        forced_end=next(iter(_numbers(said.get("forced_eos_token_id"))), None),
        suppressed=(*_numbers(said.get("suppress_tokens")), *_single(said.get("bad_words_ids"))),
        suppressed_first=_numbers(said.get("begin_suppress_tokens")),
        alignment=tuple(_pairs(said.get("alignment_heads"))),
        guessed=guessed,
    )
    notes = list(plan.notes)
    if guessed:
        notes.append(Message.of("start-guessed", number=start[0]))
    odd = [key for key in UNFOLLOWED if not isinstance(rules.get(key), list) and rules.get(key) not in NEUTRAL]
    if rules.get("num_beams", 1) not in NEUTRAL:
        odd.append("num_beams")
    if odd:
        notes.append(Message.of("generation-unfollowed", name="generation_config.json", keys=", ".join(odd)))
    return replace(plan, generation=made, notes=tuple(dict.fromkeys(notes)))


def _start(
    plan: TextPlan, said: Mapping[str, Any]
) -> tuple[tuple[int, ...], tuple[tuple[int, tuple[int, ...]], ...], bool]:
    """Return what a target begins with, what is forced at later places, and whether the beginning is a guess."""
    if plan.target is None:
        return _numbers(said.get("bos_token_id"))[:1], (), False
    first = next((_numbers(said.get(k)) for k in ("decoder_start_token_id", "bos_token_id") if k in said), ())
    guessed = not first
    start = list(first[:1] or (plan.pad,))
    forced: dict[int, tuple[int, ...]] = {}
    for place, number in _pairs(said.get("forced_decoder_ids")):
        forced[place] = (number,)
    forced |= _spoken(said)
    if said.get("forced_bos_token_id") is not None:
        forced[1] = _numbers(said["forced_bos_token_id"])[:1]
    while len(forced.get(len(start), ())) == 1:  # what is certain anyway is part of the beginning
        start.append(forced.pop(len(start))[0])
    return tuple(start), tuple(sorted(forced.items())), guessed


def _spoken(said: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
    """Whisper's beginning (Radford et al. 2022, figure 1): the language heard, “transcribe”, “no timestamps”."""
    languages, tasks = said.get("lang_to_id"), said.get("task_to_id")
    quiet = said.get("no_timestamps_token_id")
    found: dict[int, tuple[int, ...]] = {}
    if said.get("is_multilingual") and isinstance(languages, Mapping) and isinstance(tasks, Mapping):
        named, task = said.get("language"), str(said.get("task") or "transcribe")
        chosen = [i for name, i in languages.items() if named and str(named) in str(name)][:1]
        found[1] = _numbers(chosen or list(languages.values()))
        found[2] = _numbers(tasks.get(task, -1)) or _numbers(list(tasks.values()))[:1]
    if isinstance(quiet, int):
        found[max(found, default=0) + 1] = (quiet,)
    return {place: ids for place, ids in found.items() if ids}


def _numbers(value: object) -> tuple[int, ...]:
    """Token numbers of a setting: one, several or none; -1 stands for none."""
    found = value if isinstance(value, list) else [value]
    return tuple(n for n in found if isinstance(n, int) and not isinstance(n, bool) and n >= 0)


def _single(value: object) -> tuple[int, ...]:
    """Bad words of one token."""
    return tuple(n for word in value if len(word) == 1 for n in _numbers(word)) if isinstance(value, list) else ()


def _pairs(value: object) -> list[tuple[int, int]]:
    rows = value if isinstance(value, list) else []
    return [(r[0], r[1]) for r in rows if isinstance(r, list) and len(r) == 2 and all(isinstance(n, int) for n in r)]
