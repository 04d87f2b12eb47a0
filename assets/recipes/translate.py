"""Translate with the shipped ONNX files through ONNX Runtime, the likeliest piece after the other."""

import json
import pathlib
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


class Interpreter:
    """A folder with ``encoder_model.onnx``, ``decoder_model.onnx`` and their tokenizer, ready to translate."""

    def __init__(self, folder: pathlib.Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(folder / f"{name}_model.onnx", options, providers=["CPUExecutionProvider"])
            for name in ("encoder", "decoder")
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        settings: dict[str, Any] = json.loads((folder / "generation_config.json").read_text(encoding="utf-8"))
        self.start, self.end = settings["decoder_start_token_id"], settings["eos_token_id"]
        self.pad, self.longest = settings["pad_token_id"], settings["max_length"]

    def encode(self, sentences: list[str]) -> tuple[Integers, Integers]:
        """Return padded ids and their mask, (sentence, token) each."""
        read = [self.tokenizer.encode(sentence).ids[: self.longest] for sentence in sentences]
        wide = max(map(len, read))
        ids = np.array([one + [self.pad] * (wide - len(one)) for one in read], dtype=np.int64)  # (sentence, token)
        mask = np.array([[1] * len(one) + [0] * (wide - len(one)) for one in read], dtype=np.int64)
        return ids, mask

    def translate(self, sentences: list[str], batch: int = 100) -> list[str]:
        """Return the translation of each sentence; those of like length are translated together."""
        answers = [""] * len(sentences)
        order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))
        for first in range(0, len(order), batch):
            chosen = order[first : first + batch]
            for number, answer in zip(chosen, self._together([sentences[one] for one in chosen]), strict=True):
                answers[number] = answer
        return answers

    def _together(self, sentences: list[str]) -> list[str]:
        ids, mask = self.encode(sentences)
        (memory,) = self.encoder.run(None, {"input_ids": ids, "attention_mask": mask})  # (sentence, token, width)
        written = np.full((len(ids), 1), self.start, dtype=np.int64)  # (sentence, piece)
        done = np.zeros(len(ids), dtype=bool)  # (sentence,)
        while not done.all() and written.shape[1] < min(self.longest, 2 * ids.shape[1] + 10):
            feeds = {"input_ids": written, "encoder_hidden_states": memory, "encoder_attention_mask": mask}
            (logits,) = self.decoder.run(None, feeds)  # (sentence, piece, vocabulary)
            following = np.where(done, self.pad, logits[:, -1].argmax(-1))  # (sentence,)
            done |= following == self.end
            written = np.concatenate([written, following[:, None]], axis=1)  # (sentence, piece)
        return self.tokenizer.decode_batch(written.tolist(), skip_special_tokens=True)
