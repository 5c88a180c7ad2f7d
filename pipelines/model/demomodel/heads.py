"""Heads that training alone uses: what they learn to tell, the layers above read.

An answer shows what a ticket was made of only through a few labels at its far end, and the model
learns it slowly from those alone. So it is asked on the way: of the words, whatever their order, what
the document was made of; at each token, how far back its line begins; where a line ends, what this
line says and the token that a quote of it would begin with; where the model's turn begins, what the
document was made of and, once the layers have had a chance to put lines together, the token that the
quote of the answer begins with. The heads are no part of the exported model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import latents
from .latents import OUTPUTS, Latents

if TYPE_CHECKING:
    from .batches import Batch
    from .network import Heights

# Weights of the losses; that of what the document was made of, told at the model's turn, is 1.
WORDS = 0.5
LINE = 1.0
QUOTE = 0.3
ANSWER_QUOTE = 1.5
SINCE = 2.0

# Of the tokens since a line has begun, so many are told apart, and more than those. Where nothing but the
# words shows that a line is over, its successor has to be read for some tokens.
FURTHEST = 3


@dataclass(frozen=True)
class Line:
    """What is told of a line: where it ends, what it says, and what a quote of it begins with.

    end: place of the token that ends it. first: that token, or -1 where a quote is not asked for.
    """

    end: int
    said: Latents
    first: int


class Reading(NamedTuple):
    """What the heads read of some documents, each (rows, width).

    words: one for each document. tokens: for each token of a text with lines. lines: for each line.
    quotes: for each line that can be quoted. documents: for each document. answer_quotes: for each
    document whose answer quotes it.
    """

    words: Tensor
    tokens: Tensor
    lines: Tensor
    quotes: Tensor
    documents: Tensor
    answer_quotes: Tensor


class Heads(nn.Module):
    """Linear, each on its own height of the network."""

    def __init__(self, width: int):
        super().__init__()
        self.words = nn.Linear(width, OUTPUTS)
        self.since = nn.Linear(width, FURTHEST + 1)
        self.lines = nn.Linear(width, OUTPUTS)
        self.quotes = nn.Linear(width, width)
        self.documents = nn.Linear(width, OUTPUTS)
        self.answer_quotes = nn.Linear(width, width)

    def loss(
        self, readings: list[Reading], batch: Batch, logits: Callable[[Tensor], Tensor]
    ) -> Tensor:
        """How badly it is told what the documents and their lines say.

        readings: of all pieces of the batch. Together, because each product with the embedding makes
        a gradient as large as that.
        """
        words, tokens, lines, quotes, documents, answers = map(torch.cat, zip(*readings))
        loss = latents.loss_of(self.documents(documents), batch.latents)
        loss = loss + WORDS * latents.loss_of(self.words(words), batch.latents)
        in_lines = batch.since >= 0
        if in_lines.any():
            scores = self.since(tokens).float()
            loss = loss + SINCE * F.cross_entropy(scores, batch.since[in_lines])
        there, asked = batch.line_ends >= 0, batch.line_firsts >= 0
        if there.any():
            loss = loss + LINE * latents.loss_of(self.lines(lines), batch.lines[there])
        if asked.any():
            scores = logits(self.quotes(quotes))
            loss = loss + QUOTE * F.cross_entropy(scores, batch.line_firsts[asked])
        quoted = batch.answer_quotes >= 0
        if quoted.any():
            scores = logits(self.answer_quotes(answers))
            loss = loss + ANSWER_QUOTE * F.cross_entropy(scores, batch.answer_quotes[quoted])
        return loss


def reading(read: Heights, piece: Batch) -> Reading:
    """What the heads read of the documents of a piece."""
    device = read.words.device
    places = torch.arange(read.words.shape[1], device=device)
    words = (read.words * (places < piece.turns[:, None])[..., None]).sum(1)
    rows = torch.arange(len(piece.turns), device=device)
    quoted = piece.answer_quotes >= 0
    return Reading(
        # Of one size: the mean of a long text would be next to nothing.
        words * torch.rsqrt(words.pow(2).mean(-1, keepdim=True) + 1e-6),
        read.half[piece.since >= 0],
        _at(read.third, piece.line_ends, piece.line_ends >= 0),
        _at(read.half, piece.line_ends, piece.line_firsts >= 0),
        read.half[rows, piece.turns],
        words[:0] if read.late is None else read.late[rows, piece.turns][quoted],
    )


def pad(rows: list[list[Line]]) -> tuple[Tensor, Tensor, Tensor]:
    """Ends of the lines of each row, -1 behind its last; what they say; what quotes begin with."""
    most = max(map(len, rows))
    ends = torch.full((len(rows), most), -1, dtype=torch.long)
    said = torch.zeros(len(rows), most, len(latents.SIZES), dtype=torch.long)
    firsts = torch.full((len(rows), most), -1, dtype=torch.long)
    for place, lines in enumerate(rows):
        for number, line in enumerate(lines):
            ends[place, number] = line.end
            said[place, number] = torch.tensor(line.said)
            firsts[place, number] = line.first
    return ends, said, firsts


def _at(x: Tensor, places: Tensor, which: Tensor) -> Tensor:
    """x, (rows, length, width), at those places, (rows, lines), that are chosen."""
    rows, _ = which.nonzero(as_tuple=True)
    return x[rows, places[which]]
