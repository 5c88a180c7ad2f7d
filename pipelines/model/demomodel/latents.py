"""The latent variables of a ticket, which the network is taught to tell from its text; see heads.py."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional as F

from .issues import ISSUES, WISHES

TONES = ("", "positive", "negative", "angry")
CIRCUMSTANCES = ("deadline", "third", "dependent", "legal", "leaving", "hardship", "injection")

Latents = tuple[int, ...]
"""The value of each variable, in the order of SIZES."""

# Values of each variable: the issue or none, the wish or none, the tone, each circumstance.
SIZES = (len(ISSUES) + 1, len(WISHES) + 1, len(TONES), *(2 for _ in CIRCUMSTANCES))
_WEIGHTS = (1.0, 0.5, 0.5, *(0.3 for _ in CIRCUMSTANCES))
OUTPUTS = sum(SIZES)


def of(issue: str | None, wish: str | None, tone: str, found: Iterable[str]) -> Latents:
    """The variables of one ticket; tone as it was said, circumstances by name."""
    told = set(found)
    return (
        0 if issue is None else 1 + list(ISSUES).index(issue),
        0 if wish is None else 1 + list(WISHES).index(wish),
        TONES.index(tone),
        *(int(name in told) for name in CIRCUMSTANCES),
    )


def loss_of(outputs: Tensor, true: Tensor) -> Tensor:
    """How badly they are told.

    outputs: (rows, OUTPUTS). true: (rows, variables).
    """
    losses = [
        weight * F.cross_entropy(part.float(), true[:, at])
        for at, (part, weight) in enumerate(zip(outputs.split(SIZES, 1), _WEIGHTS))
    ]
    return torch.stack(losses).sum()
