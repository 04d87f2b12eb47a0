"""How text enters a model and leaves it: stated, frozen, read from the files beside the model or guessed."""

from dataclasses import dataclass, field
from typing import Literal

from engine.messages import Message

Source = Literal["text", "image", "audio"]
Task = Literal["masked", "next", "translate", "embed", "compare", "classify", "read"]
"""masked: fill in masked tokens; next: the next token; translate: a target text from a source (also captions and
transcripts); embed: one vector for a text; compare: images against texts; classify: classes of a text; read: none."""


@dataclass(frozen=True)
class Generation:
    """What generation_config.json (else config.json) says of generating.

    Attributes:
        start: token ids that a target begins with: the decoder's start token, then what is forced after it.
        end: ids that end a text.
        longest: most tokens, start included; None where nothing says.
        forced: at (place, ids), one of these ids comes: a language to be heard.
        forced_end: id forced as the last token of a text of `longest` tokens.
        suppressed: ids never generated.
        suppressed_first: ids not generated right after the start.
        alignment: (layer, head) of the cross-attentions that align source and target, counted in the decoder's
            layers; empty where no file names them.
        guessed: whether the start token was guessed.
    """

    start: tuple[int, ...] = ()
    end: tuple[int, ...] = ()
    longest: int | None = None
    forced: tuple[tuple[int, tuple[int, ...]], ...] = ()
    forced_end: int | None = None
    suppressed: tuple[int, ...] = ()
    suppressed_first: tuple[int, ...] = ()
    alignment: tuple[tuple[int, int], ...] = ()
    guessed: bool = False


@dataclass(frozen=True)
class TextPlan:
    """How text enters a model.

    Attributes:
        source: what the first half, or the whole model, reads.
        task: what it makes of it.
        ids: the input that takes the token ids of the source; None where the source is no text.
        mask, types: inputs for the attention mask and the segments of the source; None where there are none.
        target: the input for the token ids of the decoder; None without an encoder in front of it.
        target_mask: the input for the decoder's attention mask.
        tokenizer: the file the tokenizer is read from (a folder where several files make it up); None: none found.
        files: names of the files it is made of, as the folder has them.
        limit, target_limit: most tokens that source and target may have; None where nothing limits them.
        length, target_length: the number of tokens that the graph fixes; None where it is free.
        pad: id for filling a fixed length.
        mask_token: what stands in a text for a word to be filled in, where files say so.
        generation: how a target, or a continuation, is generated; None where the model generates nothing.
        pooling: how token vectors become one vector: "cls", "mean", "max", "last"; None where the model does it itself.
        normalised: whether the vector is brought to length 1.
        vocabulary: number of ids; None where nothing tells.
        past: whether the graphs can keep keys and values of earlier steps.
        notes: what was guessed.
    """

    source: Source = "text"
    task: Task = "read"
    ids: str | None = "input_ids"
    mask: str | None = None
    types: str | None = None
    target: str | None = None
    target_mask: str | None = None
    tokenizer: str | None = None
    files: tuple[str, ...] = ()
    limit: int | None = None
    target_limit: int | None = None
    length: int | None = None
    target_length: int | None = None
    pad: int = 0
    mask_token: str | None = None
    generation: Generation | None = None
    pooling: str | None = None
    normalised: bool = False
    vocabulary: int | None = None
    past: bool = False
    notes: tuple[Message, ...] = field(default=())

    @property
    def text_source(self) -> bool:
        """Whether a text is what the model reads first, or beside its image."""
        return self.ids is not None

    @property
    def generates(self) -> bool:
        """Whether the model makes text token by token."""
        return self.generation is not None
