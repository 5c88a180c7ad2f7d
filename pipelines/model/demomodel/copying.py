"""Rows that teach nothing but to copy.

A quote is a choice of where to begin and then a copy. Of tickets alone, a small network learns the
copying late, since so little of a step shows it; of rows like these it learns it in a few hundred
steps.
"""

from __future__ import annotations

import random

from .tasks import Row, Task

NAME = "copying"
_SOURCE = 40
_COPIES = 4
_LENGTH = 10


def rows(task: Task, ordinary: int, count: int, rng: random.Random) -> list[Row]:
    """Tokens in no order, the model's turn, and some stretches of them again.

    Where a stretch begins can't be known, so that its first token counts for nothing.
    """
    made = []
    for _ in range(count):
        words = task.document(task.sample(rng).text)
        source = [
            rng.randrange(ordinary) if rng.random() < 0.5 else rng.choice(words)
            for _ in range(_SOURCE)
        ]
        tokens = source + task.document("") + task.no_reasoning
        weights = [0.0] * len(tokens)
        for _ in range(_COPIES):
            start = rng.randrange(_SOURCE - _LENGTH)
            tokens += source[start : start + _LENGTH]
            weights += [0.0] + [1.0] * (_LENGTH - 1)
        made.append(Row(tokens, weights))
    return made
