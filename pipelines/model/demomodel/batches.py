"""Batches as a function of the seed, the step and the part of the training it is in.

So training can stop and go on anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from . import heads
from .tasks import BOOKINGS, BRIEF_TICKETS, LATENTS, LINES, MESSAGES, TICKETS, Row, Sample, Task

THINKING = 0.2
FULL_PREFIX = 0.12
# Share of the batches of tickets whose answers are arrays.
ARRAYS = 0.35
BPE_DROPOUT = 0.12
LONGEST_GAP = 2400
LENGTHS = 4


@dataclass(frozen=True)
class Mix:
    """How many documents of a task a step holds, and what their loss weighs.

    weight: of their answers, all of them together. latents: of telling what they were made of.
    dropped: share of the batches in which words fall into smaller tokens than they should. It helps
    to read unseen words, and hinders from learning to copy.
    """

    task: str
    documents: int
    weight: float
    latents: float
    dropped: float


Parts = tuple[tuple[Mix, ...], ...]
"""What a step holds in each part of the training."""

# The share of the time after which the second part begins.
SECOND_PART = 0.15

# In the first part, most of a step is to tell what tickets were made of, in the second to answer. Both
# processes take about as long in the second.
FIRST_PROCESS: Parts = (
    (
        # No answers: this process also makes the step.
        Mix(LINES, 160, 0.0, 0.7, 0.2),
        Mix(LATENTS, 32, 0.0, 0.5, 0.2),
    ),
    (
        Mix(TICKETS, 20, 1.0, 0.3, 0.1),
        Mix(BRIEF_TICKETS, 8, 0.3, 0.1, 0.2),
        Mix(LATENTS, 16, 0.0, 0.3, 0.2),
        Mix(LINES, 16, 0.0, 0.1, 0.2),
    ),
)
SECOND_PROCESS: Parts = (
    (
        Mix(TICKETS, 14, 0.8, 0.2, 0.2),
        Mix(LATENTS, 64, 0.0, 0.6, 0.2),
        Mix(LINES, 64, 0.0, 0.4, 0.2),
    ),
    (
        Mix(TICKETS, 22, 1.0, 0.3, 0.1),
        Mix(BRIEF_TICKETS, 8, 0.3, 0.1, 0.2),
        Mix(LATENTS, 16, 0.0, 0.3, 0.2),
        Mix(MESSAGES, 16, 1.0, 0.0, 0.7),
        Mix(BOOKINGS, 5, 0.5, 0.0, 0.15),
    ),
)


def on_a_gpu(times: int) -> Parts:
    """What a step holds there: `times` as many tickets.

    The real messages are few: more often than this, they would be learned by heart.
    """
    rarer = {MESSAGES: 12, BOOKINGS: 16}
    return tuple(
        tuple(
            replace(mix, documents=mix.documents * times // rarer.get(mix.task, 1))
            for mix in (*one, *other)
        )
        for one, other in zip(FIRST_PROCESS, SECOND_PROCESS)
    )


@dataclass(frozen=True)
class Batch:
    """Documents of one analysis behind one prefix.

    start: position of the documents' first token; beyond the prefix's end where a longer prefix is
    only pretended. targets: of each token, the next one; -1 where there is nothing to learn.
    lengths: of the documents, before padding. latents: the latent variables of each document, a row
    each, or none. turns: where in each the model's turn begins. answer_quotes: the token that
    the quote of its answer begins with, -1 where that is not asked for. since: of each token, how many lie
    between it and the first of its line, -1 where it is in none. line_ends, lines, line_firsts: what is
    told of the lines of each document; see heads.py.
    """

    task: str
    prefix: list[int]
    full_prefix: bool
    start: int
    tokens: Tensor
    targets: Tensor
    weights: Tensor
    lengths: Tensor
    weight: float
    latents_weight: float
    latents: Tensor
    turns: Tensor
    answer_quotes: Tensor
    since: Tensor
    line_ends: Tensor
    lines: Tensor
    line_firsts: Tensor

    def pieces(self, documents: int) -> Iterator[Batch]:
        """The same in parts of so many documents, each padded only to its own longest.

        Documents come in the order of their texts' length. So less is padded.
        """
        for first in range(0, len(self.tokens), documents):
            some = slice(first, first + documents)
            piece = self._each(lambda tensor: tensor[some])
            longest = int(piece.lengths.max())
            yield replace(
                piece,
                tokens=piece.tokens[:, :longest],
                targets=piece.targets[:, :longest],
                weights=piece.weights[:, :longest],
                since=piece.since[:, :longest],
            )

    def to(self, device: torch.device) -> Batch:
        return self._each(lambda tensor: tensor.to(device))

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        tensors = {name: t for name, t in vars(self).items() if isinstance(t, Tensor)}
        return replace(self, **{name: change(tensor) for name, tensor in tensors.items()})


class Batches:
    """Makes what steps learn from.

    parts: what a step holds in each part of the training. A batch has documents of about the same
    length, so that little is padded: as many as LENGTHS steps need are made together and parted by
    their length.
    """

    def __init__(self, tasks: dict[str, Task], parts: Parts, seed: int):
        self._tasks = tasks
        self._parts = parts
        self._seed = seed
        self._made: dict[Mix, tuple[int, list[list[Sample]]]] = {}

    def of(self, step: int, part: int, full_share: float) -> list[Batch]:
        """The batches of a step; `full_share` of the steps have the production prompt."""
        return [self._batch(mix, step, full_share) for mix in self._parts[part]]

    def _batch(self, mix: Mix, step: int, full_share: float) -> Batch:
        task = self._tasks[mix.task]
        rng = self._random(step, mix)
        if task.as_array and rng.random() < ARRAYS:
            task = task.as_array
        # All tasks of a step have a long prefix, or none has: processes wait for each other.
        full = random.Random(f"{self._seed}/{step}").random() < full_share
        prefix = task.prefix() if full else task.varied_prefix(rng)
        start = len(prefix)
        if not full and rng.random() < 0.6:
            start += rng.randint(0, LONGEST_GAP)
        thinking = rng.random() < THINKING
        drop = BPE_DROPOUT if rng.random() < mix.dropped else 0.0
        samples, answered = self._samples(mix, step), mix.weight > 0
        if thinking and answered:
            # With its trace, a document is twice as long.
            samples = samples[::2]
        rows = [task.row(sample, thinking, drop, rng, answered) for sample in samples]
        tokens, targets, weights = pad(rows)
        return Batch(
            mix.task,
            prefix,
            full,
            start,
            tokens,
            targets,
            weights,
            torch.tensor([len(row.tokens) for row in rows]),
            mix.weight,
            mix.latents,
            torch.tensor([row.latents for row in rows], dtype=torch.long),
            torch.tensor([row.turn for row in rows]),
            torch.tensor([row.answer_quote for row in rows]),
            _filled([row.since for row in rows], tokens.shape[1]),
            *heads.pad([row.lines for row in rows]),
        )

    def _samples(self, mix: Mix, step: int) -> list[Sample]:
        group, place = divmod(step, LENGTHS)
        if self._made.get(mix, (-1,))[0] != group:
            rng = self._random(group, mix, "group")
            sample = self._tasks[mix.task].sample
            samples = [sample(rng) for _ in range(mix.documents * LENGTHS)]
            samples.sort(key=lambda sample: len(sample.text))
            alike = [samples[n * mix.documents :][: mix.documents] for n in range(LENGTHS)]
            rng.shuffle(alike)
            self._made[mix] = group, alike
        return self._made[mix][1][place]

    def _random(self, number: int, mix: Mix, kind: str = "step") -> random.Random:
        return random.Random(f"{self._seed}/{kind}/{number}/{mix.task}/{mix.documents}")


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


def _filled(rows: list[list[int]], length: int) -> Tensor:
    """(rows, length), -1 behind each row's end."""
    return torch.tensor([row + [-1] * (length - len(row)) for row in rows], dtype=torch.long)
