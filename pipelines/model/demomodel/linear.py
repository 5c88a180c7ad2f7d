"""Linear layers in half precision, where the machine is faster at it."""

from __future__ import annotations

import functools
import time

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Linear(nn.Linear):
    """A linear layer; while it learns, its products may be of numbers of eight significant bits.

    On a GPU, PyTorch's autocast does the same.
    """

    def forward(self, input: Tensor) -> Tensor:
        learns = self.training and torch.is_grad_enabled()
        if input.is_cuda or not (learns and half_is_faster()):
            return super().forward(input)
        out = _Half.apply(input, self.weight)
        return out if self.bias is None else out + self.bias


class _Half(torch.autograd.Function):
    """Inputs and results are rounded; sums are of full precision, and so are the weights kept."""

    @staticmethod
    def forward(ctx, x, weight):  # type: ignore[override]
        x_half, weight_half = x.flatten(0, -2).bfloat16(), weight.bfloat16()
        ctx.save_for_backward(x_half, weight_half)
        ctx.shape = x.shape
        return F.linear(x_half, weight_half).float().view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[override]
        x, weight = ctx.saved_tensors
        half = gradient.flatten(0, -2).bfloat16()
        of_x = torch.mm(half, weight).float().view(ctx.shape)
        return of_x, torch.mm(half.t(), x).float() if ctx.needs_input_grad[1] else None


@functools.lru_cache(maxsize=None)
def half_is_faster() -> bool:
    """Tries it once: processors without instructions for it take many times as long."""
    a, b = torch.randn(512, 192), torch.randn(576, 192)
    whole = _seconds(a, b)
    return _seconds(a.bfloat16(), b.bfloat16()) < 0.8 * whole


def _seconds(a: Tensor, b: Tensor) -> float:
    with torch.no_grad():
        F.linear(a, b)
        begun = time.process_time()
        for _ in range(20):
            F.linear(a, b)
        return time.process_time() - begun
