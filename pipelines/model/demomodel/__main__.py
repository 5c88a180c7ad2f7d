"""Makes Kaiseki's demo model.

train     learns the tokenizer and the network, or goes on from the checkpoint, and exports it;
          with --from, the network is that of a model made before, and its tokenizer, too; it gets
          more layers and learns more tokens where it has fewer than a new one would have
export    writes the checkpoint's model as GGUF; with --from, the mean of both, of which --share
          is the checkpoint's
holdout   writes the documents that are never trained on, with the answers expected
answer    answers them, constrained as the engine does it, by the network in Python
score     compares answers with those expected
"""

from __future__ import annotations

import argparse
import hashlib
import math
import signal
import sys
import threading
from pathlib import Path

import torch

from . import (
    answering,
    averaging,
    corpus,
    datasets,
    gguf,
    gguf_reader,
    growth,
    holdout,
    metrics,
    training,
)
from .network import Network, Shape
from .tasks import TaskSource
from .tokenizer import Tokenizer, learn

VOCABULARY = 16_288
MODEL = "kaiseki-demo-q8_0.gguf"


def main() -> None:
    options = _options()
    # More threads only wait for each other; see workers.py.
    torch.set_num_threads(1)
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    if options.command == "score":
        for name, figure in metrics.report(work / "held-out", work / "answers").items():
            print(f"{name:28} {figure:.3f}")
        return
    data = datasets.read(options.data)
    made = gguf_reader.read(options.made) if options.made else None
    tokenizer = _tokenizer(work / "tokenizer.json", data, options.seed, made and made[1])
    if options.command == "holdout":
        holdout.write(data, work / "held-out")
        return
    if options.command == "train":
        # Whoever stops it keeps what it has learned: it ends behind the step that it is at.
        asked = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: asked.set())
        source = TaskSource(work / "tokenizer.json", options.data)
        torch.manual_seed(options.seed)
        first = Network(Shape(tokenizer.size))
        if made:
            first = growth.deepened(growth.grown(*made, tokenizer), first.shape.layers)
        run = training.Training(
            work,
            first,
            made is not None,
            source,
            options.seed,
            options.minutes,
            torch.device(options.device),
        )
        run.run(options.stop_after * 60, asked.is_set)
        if asked.is_set():
            sys.exit("stopped; the same command goes on from here")
    network = training.load(work / "checkpoint.pt")
    if options.command == "answer":
        answering.answer_all(network, tokenizer, work, options.limit)
        return
    if options.command == "export" and made:
        other = growth.deepened(growth.grown(*made, tokenizer), network.shape.layers)
        network = averaging.mean(network, other, options.share)
    gguf.write(network, tokenizer, work / MODEL)
    print(f"{hashlib.sha256((work / MODEL).read_bytes()).hexdigest()}  {MODEL}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="demomodel", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("train", "export", "holdout", "answer", "score"))
    parser.add_argument("--data", type=Path, help="folder with banking77, clinc150 and nlupp")
    parser.add_argument("--work", type=Path, required=True, help="folder of all that is made")
    parser.add_argument(
        "--from", dest="made", type=Path, help="a GGUF that this tool made, to train on from"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, default=85, help="of training, all runs together (default: 85)"
    )
    parser.add_argument(
        "--device", default="cpu", help="cpu or cuda; it takes PyTorch 2.3 or newer (default: cpu)"
    )
    parser.add_argument(
        "--share", type=float, default=0.5, help="of the checkpoint in the mean (default: 0.5)"
    )
    parser.add_argument("--stop-after", type=float, default=math.inf, help="minutes of this run")
    parser.add_argument(
        "--limit", type=int, default=10**9, help="documents of each set to answer"
    )
    options = parser.parse_args()
    if options.command != "score" and options.data is None:
        parser.error("--data is needed: the folder with banking77, clinc150 and nlupp")
    return options


def _tokenizer(path: Path, data: datasets.Parted, seed: int, made: Tokenizer | None) -> Tokenizer:
    merges = made.merges if made else []
    if not path.exists():
        learn(corpus.texts(data, seed), VOCABULARY, merges).save(path)
    tokenizer = Tokenizer.load(path)
    if tokenizer.merges[: len(merges)] != merges:
        sys.exit(f"{path} is of another model than --from: give another --work")
    return tokenizer


if __name__ == "__main__":
    main()
