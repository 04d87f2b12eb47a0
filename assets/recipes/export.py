"""Write a trained checkpoint as ONNX with its configuration: ``python -m assets.recipes.export CHECKPOINT --out DIR``.

The ordinary exporter of torch, one file with the weights inside, batch of any size; only the logits come out.
"""

import argparse
import json
import pathlib
import sys
from typing import Any

import onnx
import torch

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
    """Write ``model.onnx`` and its two configuration files into the folder; return the model's path."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    network = build(saved)
    network.load_state_dict(saved["average"])
    network.eval()
    side = saved["config"]["image"]
    folder.mkdir(parents=True, exist_ok=True)
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
    for name, content in (("config", configuration(saved)), ("preprocessor_config", preprocessing(saved))):
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder / "model.onnx"


def forget_where(path: pathlib.Path) -> None:
    """Take out what the exporter noted for debugging: stack traces, with the folders of the machine it ran on."""
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output):
        value.ClearField("metadata_props")
        value.ClearField("doc_string")
    onnx.save(model, path)


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
