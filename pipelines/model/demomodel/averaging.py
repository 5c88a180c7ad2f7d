"""Two models that one began as the other are often worse, each by itself, than their mean."""

from __future__ import annotations

import copy

import torch

from .network import Network


def mean(one: Network, other: Network, share: float = 0.5) -> Network:
    """The network whose weights lie between those of two of the same shape.

    share: that of the first.
    """
    if one.shape != other.shape:
        raise ValueError(f"networks of two shapes: {one.shape} and {other.shape}")
    between = copy.deepcopy(one)
    with torch.no_grad():
        for parameter, far in zip(between.parameters(), other.parameters()):
            parameter.lerp_(far, 1 - share)
    return between
