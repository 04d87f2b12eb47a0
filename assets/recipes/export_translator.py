"""Write the trained translator as ONNX: encoder, decoder, tokenizer and configuration, as Optimum lays them out."""

import pathlib
from typing import Any

import torch
from tokenizers import Tokenizer

from assets.recipes import align
from assets.recipes.files import forget_where, write_json
from assets.recipes.pairs import END, PAD, START, UNKNOWN
from assets.recipes.translation import Translator


def export_translator(saved: dict[str, Any], folder: pathlib.Path, opset: int) -> pathlib.Path:
    """Write the files of a checkpoint into a folder; return the encoder's path."""
    sizes = dict(saved["config"])
    network = Translator(sizes.pop("pieces"), **sizes)
    network.load_state_dict(saved["average"])
    network.eval()
    batch, source = torch.export.Dim("batch_size"), torch.export.Dim("encoder_sequence_length", max=sizes["length"])
    target = torch.export.Dim("decoder_sequence_length", max=sizes["length"])
    ids, mask = torch.ones(2, 7, dtype=torch.int64), torch.ones(2, 7, dtype=torch.int64)  # (batch, source token)
    written, memory = torch.ones(2, 5, dtype=torch.int64), torch.zeros(2, 7, sizes["width"])
    shared: dict[str, Any] = {"dynamo": True, "opset_version": opset, "external_data": False}
    torch.onnx.export(
        network.encoder,
        (ids, mask),
        str(folder / "encoder_model.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state"],
        dynamic_shapes={"input_ids": {0: batch, 1: source}, "attention_mask": {0: batch, 1: source}},
        **shared,
    )
    torch.onnx.export(
        network.decoder,
        (written, memory, mask),
        str(folder / "decoder_model.onnx"),
        input_names=["input_ids", "encoder_hidden_states", "encoder_attention_mask"],
        output_names=["logits"],
        dynamic_shapes={
            "input_ids": {0: batch, 1: target},
            "encoder_hidden_states": {0: batch, 1: source},
            "encoder_attention_mask": {0: batch, 1: source},
        },
        **shared,
    )
    for name in ("encoder_model", "decoder_model"):
        forget_where(folder / f"{name}.onnx")
    write_json(folder / "config.json", configuration(saved))
    special = {"bos_token_id": saved["start"], "eos_token_id": saved["end"], "pad_token_id": saved["pad"]}
    write_json(
        folder / "generation_config.json",
        {
            "decoder_start_token_id": saved["start"],
            **special,
            "max_length": sizes["length"],
            "num_beams": 1,
            "alignment_heads": [[align.LAYER, align.HEAD]],  # (decoder layer, head), as Whisper's files name theirs
        },
    )
    save_tokenizer(Tokenizer.from_str(saved["tokenizer"]), folder, sizes["length"])
    return folder / "encoder_model.onnx"


def configuration(saved: dict[str, Any]) -> dict[str, Any]:
    """Return ``config.json`` with the names that Transformers uses for encoder-decoder models of this build."""
    sizes = saved["config"]
    parts = {
        f"{part}_{name}": sizes[size]
        for part in ("encoder", "decoder")
        for name, size in (("layers", "depth"), ("attention_heads", "heads"), ("ffn_dim", "hidden"))
    }
    return {
        "model_type": "m2m_100",
        "architectures": ["M2M100ForConditionalGeneration"],
        "is_encoder_decoder": True,
        "vocab_size": sizes["pieces"],
        "d_model": sizes["width"],
        **parts,
        "activation_function": "relu",
        "max_position_embeddings": sizes["length"],
        "scale_embedding": True,
        "tie_word_embeddings": True,
        "bos_token_id": saved["start"],
        "eos_token_id": saved["end"],
        "pad_token_id": saved["pad"],
        "decoder_start_token_id": saved["start"],
    }


def save_tokenizer(tokenizer: Tokenizer, folder: pathlib.Path, length: int) -> None:
    """Write ``tokenizer.json`` and its two companions as Transformers does."""
    names = {"bos_token": START, "eos_token": END, "pad_token": PAD, "unk_token": UNKNOWN}
    about = {**names, "clean_up_tokenization_spaces": False, "model_max_length": length}
    about["tokenizer_class"] = "PreTrainedTokenizerFast"
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(folder / "special_tokens_map.json", names)
    write_json(folder / "tokenizer_config.json", about)
