"""A trained network learns more tokens.

With few tokens, words fall into parts, and what a word means has to be put together from them by
layers that have other things to learn. A word with a token of its own has its meaning in the
embedding.
"""

from __future__ import annotations

from dataclasses import replace

import torch

from .network import Network
from .tokenizer import Tokenizer


def grown(network: Network, known: Tokenizer, tokenizer: Tokenizer) -> Network:
    """The network for a tokenizer that goes on where its own ends.

    A new token begins as the tokens that it was written with, together.
    """
    larger = Network(replace(network.shape, vocabulary=tokenizer.size))
    state = network.state_dict()
    state["embedding.weight"] = larger.embedding.weight.detach().clone()
    before, after = network.embedding.weight.detach(), state["embedding.weight"]
    usual = before[: known.ordinary].norm(dim=1).median()
    places = {text: place for place, text in enumerate(known.texts)}
    for place, text in enumerate(tokenizer.texts):
        if text in places:
            after[place] = before[places[text]]
        elif place < tokenizer.ordinary:
            together = before[torch.tensor(known.parts(text))].sum(0)
            after[place] = together * (usual / together.norm())
    larger.load_state_dict(state)
    return larger
