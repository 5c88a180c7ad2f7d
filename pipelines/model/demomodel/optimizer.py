"""Muon (Keller Jordan, 2024) for the matrices of the blocks, Adam for all the rest.

Orthogonalised momentum learns from fewer tokens, which is what counts on two cores.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .network import Network

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


class Muon(torch.optim.Optimizer):
    """Momentum whose update has all its singular values near one."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.05):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):  # type: ignore[override]
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                held = state["momentum"]
                held.mul_(group["momentum"]).add_(parameter.grad)
                update = orthogonal(parameter.grad.add(held, alpha=group["momentum"]))
                rows, columns = parameter.shape
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(update, alpha=-group["lr"] * max(1.0, rows / columns) ** 0.5)


def orthogonal(matrix: Tensor, rounds: int = 5) -> Tensor:
    """The nearest semi-orthogonal matrix, roughly, by a Newton-Schulz iteration."""
    a, b, c = _COEFFICIENTS
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(rounds):
        square = x @ x.t()
        x = a * x + (b * square + c * square @ square) @ x
    return x.t() if tall else x


def optimizers(network: Network) -> list[torch.optim.Optimizer]:
    matrices: list[Tensor] = []
    rest: list[Tensor] = []
    for name, parameter in network.named_parameters():
        inner = parameter.dim() == 2 and "embedding" not in name
        (matrices if inner else rest).append(parameter)
    return [
        Muon(matrices, lr=0.02),
        torch.optim.Adam(rest, lr=3e-3, betas=(0.9, 0.98), eps=1e-9),
    ]
