"""A trained network becomes larger, without forgetting.

More tokens: with few, words fall into parts, and what a word means has to be put together from them by
layers that have other things to learn. A word with a token of its own has its meaning in the
embedding. More layers: where learning no longer helps, the network is too small for what it is asked.
"""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import torch
from torch import Tensor, nn

from .network import Block, Network
from .tokenizer import Tokenizer, in_small_letters


# What a new token in capitals has of the weight that is its due.
LESS = 0.9


def grown(network: Network, known: Tokenizer, tokenizer: Tokenizer) -> Network:
    """The network for a tokenizer that goes on where its own ends.

    A new token begins as the tokens that it was written with, together; one in capitals as what it is in
    small letters, and as far from that as other capitals are.
    """
    larger = Network(replace(network.shape, vocabulary=tokenizer.size))
    state = network.state_dict()
    state["embedding.weight"] = larger.embedding.weight.detach().clone()
    before, after = network.embedding.weight.detach(), state["embedding.weight"]
    usual = before[: known.ordinary].norm(dim=1).median()
    places = {text: place for place, text in enumerate(known.texts)}
    capitals = _capitals(before, known, places)
    for place, text in enumerate(tokenizer.texts):
        if text in places:
            after[place] = before[places[text]]
        elif place < tokenizer.ordinary:
            small = in_small_letters(text)
            together = before[torch.tensor(known.parts(small or text))].sum(0)
            after[place] = together * (usual / together.norm())
            if small:
                # A little less than that: where both could be meant, it is small letters.
                after[place] = LESS * (after[place] + capitals)
    larger.load_state_dict(state)
    return larger


def _capitals(embedding: Tensor, known: Tokenizer, places: dict[str, int]) -> Tensor:
    """What capitals add to a token, in the mean of those that it has in both ways."""
    smalls = ((places[text], in_small_letters(text)) for text in known.texts[: known.ordinary])
    pairs = [(place, places[small]) for place, small in smalls if small in places]
    if not pairs:
        return torch.zeros_like(embedding[0])
    large, small = torch.tensor(pairs).T
    return (embedding[large] - embedding[small]).mean(0)


def deepened(network: Network, layers: int) -> Network:
    """The network with so many layers, which answers as it did.

    A new layer is its lower neighbour's copy that adds nothing yet: what it writes is multiplied by
    zero. New ones are spread evenly, so that a third, a half and two thirds of the way up see what
    they saw.
    """
    known = network.shape.layers
    new = layers - known
    if new < 0:
        raise ValueError(f"a network of {known} layers cannot have {layers}: none is taken away")
    below_new = [math.ceil(number * known / (new + 1)) for number in range(1, new + 1)]
    blocks: list[Block] = []
    for number, block in enumerate(network.blocks, 1):
        blocks.append(block)
        blocks.extend(_silent(block) for _ in range(below_new.count(number)))
    deeper = Network(replace(network.shape, layers=layers))
    state = network.state_dict()
    kept = {name: value for name, value in state.items() if not name.startswith("blocks.")}
    kept |= {f"blocks.{name}": value for name, value in nn.ModuleList(blocks).state_dict().items()}
    deeper.load_state_dict(kept)
    return deeper


def _silent(block: Block) -> Block:
    one = copy.deepcopy(block)
    nn.init.zeros_(one.attention.o.weight)
    nn.init.zeros_(one.down.weight)
    return one
