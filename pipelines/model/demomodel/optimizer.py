"""Muon (Keller Jordan, 2024) for the matrices of the blocks, Adam for all the rest.

Orthogonalised momentum learns from fewer tokens, which is what counts on two cores.
"""

from __future__ import annotations

from dataclasses import dataclass

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
            # Matrices of one shape together: a GPU would mostly wait for so many small products.
            alike: dict[torch.Size, list[Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike.setdefault(parameter.shape, []).append(parameter)
            for (rows, columns), parameters in alike.items():
                updates = orthogonal(torch.stack([self._momentum(p, group) for p in parameters]))
                rate = group["lr"] * max(1.0, rows / columns) ** 0.5
                for parameter, update in zip(parameters, updates):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-rate)

    def _momentum(self, parameter: Tensor, group: dict) -> Tensor:
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        held = state["momentum"]
        held.mul_(group["momentum"]).add_(parameter.grad)
        return parameter.grad.add(held, alpha=group["momentum"])


def orthogonal(matrices: Tensor, rounds: int = 5) -> Tensor:
    """The nearest semi-orthogonal matrix of each, roughly, by a Newton-Schulz iteration."""
    a, b, c = _COEFFICIENTS
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(rounds):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x


@dataclass(frozen=True)
class Rates:
    """Learning rates: of the matrices of the blocks, of the embedding and the heads, of all
    the rest."""

    blocks: float
    embedding: float
    rest: float


NEW = Rates(0.02, 3e-3, 3e-3)
# The steps of two cores are a sixteenth of a GPU's, and noisier: at six tenths of a new network's
# rates, the blocks strayed by a tenth of their weights. A trained embedding is many times as large
# as a new one, and a word that is rare has to move it in few steps.
TRAINED = Rates(0.005, 4e-3, 1e-3)


def optimizers(network: Network, rates: Rates) -> list[torch.optim.Optimizer]:
    matrices: list[Tensor] = []
    rest: list[Tensor] = []
    embedding = [network.embedding.weight, *network.heads.parameters()]
    for name, parameter in network.named_parameters():
        if name.startswith("blocks.") and parameter.dim() == 2:
            matrices.append(parameter)
        elif not name.startswith(("embedding.", "heads.")):
            rest.append(parameter)
    groups = [
        {"params": embedding, "lr": rates.embedding},
        {"params": rest, "lr": rates.rest},
    ]
    return [
        Muon(matrices, lr=rates.blocks),
        torch.optim.Adam(groups, betas=(0.9, 0.98), eps=1e-9),
    ]
