"""Batches as a function of the seed and the step, so that training can stop and go on anywhere."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from .tasks import Row, Task

THINKING = 0.2
FULL_PREFIX = 0.08
BPE_DROPOUT = 0.12
LONGEST_GAP = 2400
LENGTHS = 4


@dataclass(frozen=True)
class Mix:
    """How many documents of a task a step holds, and what their loss weighs.

    dropped: share of the batches in which words fall into smaller tokens than they should. It helps
    to read unseen words, and hinders from learning to copy.
    """

    task: str
    documents: int
    weight: float
    dropped: float


# What each process does in a step; both take about as long. A weight is that of the whole task.
SHARES = (
    (Mix("ticket-triage", 14, 0.6, 0.15),),
    (
        Mix("ticket-triage", 8, 0.4, 0.15),
        Mix("bank-intent", 28, 1.0, 0.7),
        Mix("booking-slots", 6, 0.7, 0.15),
    ),
)


@dataclass(frozen=True)
class Batch:
    """Documents of one analysis behind one prefix.

    start: position of the documents' first token; beyond the prefix's end where a longer prefix is
    only pretended. targets: of each token, the next one; -1 where there is nothing to learn.
    """

    task: str
    prefix: list[int]
    full_prefix: bool
    start: int
    tokens: Tensor
    targets: Tensor
    weights: Tensor
    loss_weight: float


def step_batch(task: Task, mix: Mix, seed: int, step: int, full_share: float) -> Batch:
    """The batch that one task adds to a step."""
    rng = random.Random(f"{seed}/{step}/{mix.task}/{mix.documents}")
    # All tasks of a step have a long prefix, or none has: processes wait for each other.
    full = random.Random(f"{seed}/{step}").random() < full_share
    prefix = task.prefix() if full else task.varied_prefix(rng)
    start = len(prefix)
    if not full and rng.random() < 0.6:
        start += rng.randint(0, LONGEST_GAP)
    thinking = rng.random() < THINKING
    # Documents of about the same length, so that little is padded; each length as often as it is.
    samples = [task.sample(rng) for _ in range(mix.documents * LENGTHS)]
    samples.sort(key=lambda sample: len(sample.text))
    first = mix.documents * rng.randrange(LENGTHS)
    drop = BPE_DROPOUT if rng.random() < mix.dropped else 0.0
    rows = [
        task.row(sample, thinking, drop, rng) for sample in samples[first : first + mix.documents]
    ]
    tokens, targets, weights = pad(rows)
    return Batch(task.analysis.name, prefix, full, start, tokens, targets, weights, mix.weight)


def pad(rows: list[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Rows of the same length, and what each token is to be followed by."""
    longest = max(len(row.tokens) for row in rows)
    tokens = torch.zeros(len(rows), longest, dtype=torch.long)
    targets = torch.full((len(rows), longest), -1, dtype=torch.long)
    weights = torch.zeros(len(rows), longest)
    for place, row in enumerate(rows):
        length = len(row.tokens)
        tokens[place, :length] = torch.tensor(row.tokens)
        targets[place, : length - 1] = tokens[place, 1:length]
        weights[place, : length - 1] = torch.tensor(row.weights[1:])
    return tokens, targets, weights
