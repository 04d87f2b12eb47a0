"""Train the bundled translator, Spanish to English: ``python -m assets.recipes.train_translator --data DIR``.

The checkpoint is written every minute; the same command with ``--resume`` goes on from it.
"""

import argparse
import itertools
import json
import pathlib
import sys
import time
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from assets.recipes import align
from assets.recipes.data import DataMissingError
from assets.recipes.pairs import END_ID, LONGEST, PAD_ID, START_ID, Pair, learn_vocabulary, read_pairs, split, words
from assets.recipes.training import Training
from assets.recipes.translation import Translator

SMOOTHING = 0.1  # label smoothing (Vaswani et al. 2017, section 5.4)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m assets.recipes.train_translator", description=__doc__)
    option = parser.add_argument
    option("--data", type=pathlib.Path, required=True, help="folder that holds spa-eng/")
    option("--out", type=pathlib.Path, default=pathlib.Path("build/train"), help="folder for the checkpoint")
    option("--minutes", type=float, help="train for so long, whatever else the machine does")
    option("--epochs", type=float, default=12, help="train for so many passes, where --minutes is not given")
    option("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    option("--model", default="{}", help="sizes of the network as JSON, as its class takes them")
    option("--pieces", type=int, default=4096, help="size of the vocabulary")
    option("--tokens", type=int, default=7000, help="tokens of one batch, both languages and padding counted")
    option("--lr", type=float, default=0.02, help="learning rate of Muon; AdamW has a tenth")
    option("--decay", type=float, default=0.05, help="weight decay")
    option("--guide", type=float, default=0.1, help="weight of the loss that teaches one head to align; 0 teaches none")
    option("--seed", type=int, default=1)
    option("--workers", type=int, default=1, help="threads that share every batch")
    option("--threads", type=int, default=0, help="threads inside each operation; 0 leaves it to torch")
    option("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args(argv)
    args.network, args.dataset = "translator", "spa-eng"
    return args


class Example(NamedTuple):
    """One pair, ready to learn from."""

    source: list[int]  # ids of the Spanish pieces and the end
    target: list[int]  # start, ids of the English pieces, end
    links: align.Floats  # how much each piece that is written belongs to each that is read, (target - 1, source)


def examples(pairs: list[Pair], tokenizer: Tokenizer) -> list[Example]:
    """Turn pairs into ids and links between them; sentences that are too long are left out."""
    both = zip(*(tokenizer.encode_batch(list(side)) for side in zip(*pairs, strict=True)), strict=True)
    read = [(source, target) for source, target in both if max(len(source.ids), len(target.ids)) <= LONGEST]
    agreed = align.links([words(source) for source, _ in read], [words(target) for _, target in read])
    return [
        Example(source.ids, [START_ID, *target.ids], align.by_pieces(matrix, source, target))
        for (source, target), matrix in zip(read, agreed, strict=True)
    ]


def batches(read: list[Example], tokens: int, seed: int) -> list[list[int]]:
    """Return which examples go together in one pass: of like lengths, so that hardly any token is padding."""
    random = np.random.default_rng(seed)
    mixed = random.permutation(len(read))
    order = sorted(mixed, key=lambda number: (len(read[number].source), len(read[number].target)))
    together: list[list[int]] = [[]]
    longest = 0
    for number in order:
        longest = max(longest, len(read[number].source) + len(read[number].target))
        if longest * (len(together[-1]) + 1) > tokens:
            together.append([])
            longest = len(read[number].source) + len(read[number].target)
        together[-1].append(int(number))
    return [together[number] for number in random.permutation(len(together))]


def tensors(chosen: list[Example], device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Return sources (pair, source), targets (pair, target) and links (pair, target - 1, source), padded."""
    wide = max(len(one.source) for one in chosen)
    high = max(len(one.target) for one in chosen)
    source = torch.tensor([one.source + [PAD_ID] * (wide - len(one.source)) for one in chosen])  # (pair, source)
    target = torch.tensor([one.target + [PAD_ID] * (high - len(one.target)) for one in chosen])  # (pair, target)
    links = np.zeros((len(chosen), high - 1, wide), dtype=np.float32)  # (pair, target - 1, source)
    for number, one in enumerate(chosen):
        links[number, : len(one.target) - 1, : len(one.source)] = one.links
    return source.to(device), target.to(device), torch.from_numpy(links).to(device)


class Lesson:
    """What the network is taught: the next piece, and, in one head, where its word came from."""

    def __init__(self, guide: float) -> None:
        self.guide = guide

    def __call__(self, network: Translator, source: Tensor, target: Tensor, links: Tensor) -> Tensor:
        """Return the loss on padded ids (pair, source), (pair, target) and links (pair, target - 1, source)."""
        x, patterns = network(source, (source != PAD_ID).long(), target[:, :-1])
        wanted = target[:, 1:]  # (pair, target - 1)
        there = wanted != PAD_ID  # (pair, target - 1)
        logits = network.decoder.logits(x[there])  # (piece to write, piece)
        loss = functional.cross_entropy(logits, wanted[there], label_smoothing=SMOOTHING)
        if not self.guide:
            return loss
        # Guided alignment: Garg et al. 2019, "Jointly Learning to Align and Translate with Transformer Models".
        pattern = patterns[align.LAYER][:, align.HEAD]  # (pair, target - 1, source)
        known = links.sum().clamp(min=1)  # rows with a link
        return loss - self.guide * (links * torch.log(pattern + 1e-6)).sum() / known


@torch.no_grad()
def held_out_loss(network: Translator, read: list[Example], device: str) -> float:
    """Return the mean cross-entropy of the right next piece, in nats, without smoothing."""
    network.eval()
    total, count = 0.0, 0
    for chosen in batches(read, 7000, seed=0):
        source, target, _ = tensors([read[number] for number in chosen], device)
        x, _ = network(source, (source != PAD_ID).long(), target[:, :-1])
        there = target[:, 1:] != PAD_ID  # (pair, target - 1)
        wanted = target[:, 1:][there]  # (piece to write,)
        total += float(functional.cross_entropy(network.decoder.logits(x[there]), wanted, reduction="sum"))
        count += len(wanted)
    return total / count


def prepare(args: argparse.Namespace, tokenizer: Tokenizer) -> Training:
    """Return a training that is about to take its next step."""
    network = Translator(tokenizer.get_vocab_size(), **json.loads(args.model))
    about: dict[str, Any] = {
        "network": args.network, "config": network.config, "dataset": args.dataset, "seed": args.seed,
        "tokenizer": tokenizer.to_str(), "pad": PAD_ID, "start": START_ID, "end": END_ID,
    }  # fmt: skip
    training = Training(args, network.to(args.device), about, Lesson(args.guide))
    if args.resume and training.file.is_file():
        training.load()
    return training


def train(args: argparse.Namespace) -> pathlib.Path:
    """Train as the arguments say and return the checkpoint's path. Raises DataMissingError."""
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    pairs = split(read_pairs(args.data), args.seed)
    tokenizer = learn_vocabulary(pairs.train, args.pieces)
    training = prepare(args, tokenizer)
    read, unseen = examples(pairs.train, tokenizer), examples(pairs.held_out, tokenizer)
    print(f"{len(read)} pairs to learn from, {len(unseen)} held out", flush=True)
    losses: list[float] = []
    saved_at = time.monotonic()
    steps = len(batches(read, args.tokens, seed=0))  # the same in every pass: it depends on the lengths alone
    for epoch in itertools.count(training.step // steps):
        together = batches(read, args.tokens, args.seed * 1000 + epoch)
        for chosen in together[training.step % steps :]:
            began = time.monotonic()
            progress = training.progress(steps)
            if progress >= 1:
                training.save()
                return training.file
            batch = tensors([read[number] for number in chosen], args.device)
            losses.append(training.learn(batch, progress))
            training.seconds += time.monotonic() - began
            if time.monotonic() - saved_at > 60:
                training.save()
                saved_at = time.monotonic()
                print(f"step {training.step}  {training.seconds:.0f} s  loss {np.mean(losses[-50:]):.3f}", flush=True)
        loss = held_out_loss(training.average, unseen, args.device)
        print(f"epoch {epoch + 1}  {training.seconds:.0f} s  {loss:.3f} nats for each held-out piece", flush=True)
    raise AssertionError("unreachable: the loop over epochs has no end of its own")


def main() -> int:
    """Run the command; return the exit status."""
    args = arguments()
    try:
        file = train(args)
        print(f"Trained: {file}. Write it as ONNX with: python -m assets.recipes.export {file} --out FOLDER")
    except DataMissingError as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
