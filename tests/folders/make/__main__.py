"""Write the folders: `python -m tests.folders.make [name ...]`, from the repository's root."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import sys
import warnings

import torch
import transformers


def main(names: list[str]) -> int:
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    from tests.folders.make import models, sentences

    folders = models.FOLDERS | sentences.FOLDERS
    for name in names or list(folders):
        folders[name]()
        print(name, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
