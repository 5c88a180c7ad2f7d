"""How badly tokens are expected: cross entropy over the whole vocabulary, in few passes over it.

The vocabulary is large beside the width, so on a CPU this is a quarter of a step.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .linear import half_is_faster
from .softmax import softmax_


def losses(hidden: Tensor, embedding: Tensor, targets: Tensor) -> Tensor:
    """The loss of each row.

    hidden: (rows, width). embedding: (tokens, width), tied to the head. targets: (rows,), the tokens
    that should have been expected.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        if hidden.is_cuda or not half_is_faster():
            return F.cross_entropy(hidden.float() @ embedding.t(), targets, reduction="none")
        return _CrossEntropy.apply(hidden, embedding, targets)


class _CrossEntropy(torch.autograd.Function):
    """Expectations are of full precision; the products that make gradients of them are not."""

    @staticmethod
    def forward(ctx, hidden, embedding, targets):  # type: ignore[override]
        expected = softmax_(hidden @ embedding.t())
        right = targets[:, None]
        found = expected.gather(1, right)
        expected.scatter_(1, right, found - 1)
        ctx.save_for_backward(expected.bfloat16(), hidden.bfloat16(), embedding.bfloat16())
        return -found.clamp_min(torch.finfo(found.dtype).tiny).log()[:, 0]

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[override]
        of_logits, hidden, embedding = ctx.saved_tensors
        of_logits = of_logits * gradient[:, None].bfloat16()
        of_hidden = torch.mm(of_logits, embedding).float()
        return of_hidden, torch.mm(of_logits.t(), hidden).float(), None
