"""Write a trained checkpoint as ONNX with its configuration: ``python -m assets.recipes.export CHECKPOINT --out DIR``.

The ordinary exporter of torch, weights inside the file, batch of any size; only the logits come out of a classifier.
The translator becomes two files, as Optimum lays them out: ``encoder_model.onnx`` and ``decoder_model.onnx``.
"""

import argparse
import pathlib
import sys
from typing import Any

import torch

from assets.recipes.export_translator import export_translator
from assets.recipes.files import forget_where, write_json
from assets.recipes.train import build

RESAMPLE_BICUBIC = 3  # as Pillow counts its filters


def configuration(saved: dict[str, Any]) -> dict[str, Any]:
    """Return ``config.json`` with the names that Hugging Face's Transformers uses."""
    sizes = saved["config"]
    names = {str(number): label for number, label in enumerate(saved["labels"])}
    common = {
        "id2label": names,
        "label2id": {label: int(number) for number, label in names.items()},
        "image_size": sizes["image"],
        "num_channels": 3,
    }
    if saved["network"] == "vit":
        return {
            "model_type": "vit",
            "architectures": ["ViTForImageClassification"],
            "patch_size": sizes["patch"],
            "hidden_size": sizes["width"],
            "intermediate_size": sizes["hidden"],
            "num_hidden_layers": sizes["depth"],
            "num_attention_heads": sizes["heads"],
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-5,
            "qkv_bias": True,
            **common,
        }
    return {
        "model_type": "resnet",
        "architectures": ["ResNetForImageClassification"],
        "embedding_size": 96,
        "hidden_sizes": sizes["widths"],
        "hidden_act": "gelu",
        "layer_type": "basic",
        **common,
    }


def preprocessing(saved: dict[str, Any]) -> dict[str, Any]:
    """Return ``preprocessor_config.json`` as Transformers' ViTImageProcessor writes it."""
    side = saved["config"]["image"]
    return {
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": saved["mean"],
        "image_processor_type": "ViTImageProcessor",
        "image_std": saved["std"],
        "resample": RESAMPLE_BICUBIC,
        "rescale_factor": 1 / 255,
        "size": {"height": side, "width": side},
    }


def export(checkpoint: pathlib.Path, folder: pathlib.Path, opset: int = 18) -> pathlib.Path:
    """Write the model and its configuration into the folder; return the path of the model, or of the encoder."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    folder.mkdir(parents=True, exist_ok=True)
    if saved["network"] == "translator":
        return export_translator(saved, folder, opset)
    network = build(saved)
    network.load_state_dict(saved["average"])
    network.eval()
    side = saved["config"]["image"]
    torch.onnx.export(
        network,
        (torch.zeros(2, 3, side, side),),
        str(folder / "model.onnx"),
        dynamo=True,
        opset_version=opset,
        external_data=False,
        input_names=["pixel_values"],
        output_names=["logits"],
        dynamic_shapes={"pixel_values": {0: torch.export.Dim("batch")}},
    )
    forget_where(folder / "model.onnx")
    write_json(folder / "config.json", configuration(saved))
    write_json(folder / "preprocessor_config.json", preprocessing(saved))
    return folder / "model.onnx"


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assets.recipes.export", description=__doc__)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of the model, e.g. assets/models/vit")
    parser.add_argument("--opset", type=int, default=18)
    args = parser.parse_args()
    if not args.checkpoint.is_file():
        print(f"There is no checkpoint at {args.checkpoint}: train first.", file=sys.stderr)
        return 2
    print(export(args.checkpoint, args.out, args.opset))
    return 0


if __name__ == "__main__":
    sys.exit(main())
