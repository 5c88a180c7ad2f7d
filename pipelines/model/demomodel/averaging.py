"""Two models that one began as the other are often worse, each by itself, than their mean."""

from __future__ import annotations

import copy

import torch

from .network import Network


def mean(one: Network, other: Network) -> Network:
    """The network whose weights lie half way between those of two of the same shape."""
    if one.shape != other.shape:
        raise ValueError(f"networks of two shapes: {one.shape} and {other.shape}")
    between = copy.deepcopy(one)
    with torch.no_grad():
        for parameter, far in zip(between.parameters(), other.parameters()):
            parameter.lerp_(far, 0.5)
    return between
