"""The transformer: qwen2 as llama.cpp computes it, with documents that share one prefix.

Training does what the engine does when it serves: the prefix is read once, and every document of
the batch attends to it and to itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import attend
from .heads import Heads
from .linear import Linear

KeysAndValues = tuple[Tensor, Tensor]
"""What a layer has read: keys and values, each (key-value heads, tokens, head width)."""


class Heights(NamedTuple):
    """What documents are at some heights of the network, each (rows, length, width).

    words: embedded. third, half, late: behind a third, a half and two thirds of the layers.
    """

    words: Tensor
    third: Tensor
    half: Tensor
    late: Tensor | None


@dataclass(frozen=True)
class Shape:
    """The numbers of the transformer; rows must divide by 32 for Q8_0."""

    vocabulary: int
    width: int = 256
    layers: int = 8
    heads: int = 8
    kv_heads: int = 4
    feed_forward: int = 768
    context: int = 8192
    rope_base: float = 10_000.0
    epsilon: float = 1e-6

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


class Norm(nn.Module):
    """Root mean square norm."""

    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        if x.is_cuda:
            normed = F.rms_norm(x, self.weight.shape, self.weight, self.epsilon)
            # What follows are products in half precision: rounded once for all of them.
            return normed.bfloat16() if torch.is_autocast_enabled() else normed
        return _Normed.apply(x, self.weight, self.epsilon)


class _Normed(torch.autograd.Function):
    """The norm in half the passes over memory that autograd would make."""

    @staticmethod
    def forward(ctx, x, weight, epsilon):  # type: ignore[override]
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)
        even = x * scale
        ctx.save_for_backward(even, scale, weight)
        return even * weight

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[override]
        even, scale, weight = ctx.saved_tensors
        of_weight = (gradient * even).flatten(0, -2).sum(0)
        of_even = gradient * weight
        along = (of_even * even).mean(-1, keepdim=True)
        return of_even.sub_(even * along).mul_(scale), of_weight, None


class Dropout(nn.Module):
    """Dropout whose masks are cut out of a store of random ones: a CPU draws new ones slowly."""

    STORE = 1 << 22

    def __init__(self, share: float):
        super().__init__()
        self.share = share
        self._store: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.share:
            return x
        if x.is_cuda:
            return F.dropout(x, self.share)
        if self._store is None or self._store.numel() <= x.numel():
            kept = torch.rand(max(self.STORE, 2 * x.numel())) >= self.share
            self._store = kept / (1 - self.share)
        first = int(torch.randint(self._store.numel() - x.numel(), ()))
        return x * self._store[first : first + x.numel()].view(x.shape)


class Attention(nn.Module):
    """Grouped-query attention to a shared prefix and to the document's own earlier tokens."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        kv_width = shape.kv_heads * shape.head_width
        self.q = Linear(shape.width, shape.width)
        self.k = Linear(shape.width, kv_width)
        self.v = Linear(shape.width, kv_width)
        self.o = Linear(shape.width, shape.width, bias=False)

    def forward(
        self, x: Tensor, rotation: tuple[Tensor, Tensor], prefix: KeysAndValues | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        s = self.shape
        rows, length, _ = x.shape
        q = self.q(x).view(rows, length, s.heads, s.head_width)
        k = self.k(x).view(rows, length, s.kv_heads, s.head_width)
        v = self.v(x).view(rows, length, s.kv_heads, s.head_width)
        q, k = rotate(torch.cat([q, k], 2), rotation).split([s.heads, s.kv_heads], 2)
        keys, values = k.transpose(1, 2), v.transpose(1, 2)
        out = attend(q.transpose(1, 2), keys, values, prefix)
        return self.o(out.transpose(1, 2).reshape(rows, length, s.width)), keys, values


class Block(nn.Module):
    """A layer: attention, then the gated feed-forward part."""

    def __init__(self, shape: Shape, dropout: Dropout):
        super().__init__()
        self.attention_norm = Norm(shape.width, shape.epsilon)
        self.attention = Attention(shape)
        self.ffn_norm = Norm(shape.width, shape.epsilon)
        self.gate = Linear(shape.width, shape.feed_forward, bias=False)
        self.up = Linear(shape.width, shape.feed_forward, bias=False)
        self.down = Linear(shape.feed_forward, shape.width, bias=False)
        self.dropout = dropout

    def forward(
        self, x: Tensor, rotation: tuple[Tensor, Tensor], prefix: KeysAndValues | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        attended, keys, values = self.attention(self.attention_norm(x), rotation, prefix)
        x = x + self.dropout(attended)
        h = self.ffn_norm(x)
        return x + self.dropout(self.down(F.silu(self.gate(h)) * self.up(h))), keys, values


class Network(nn.Module):
    """The whole model; the head is tied to the embedding."""

    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape = shape
        self.dropout = Dropout(dropout)
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape, self.dropout) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.epsilon)
        # What training alone uses.
        self.heads = Heads(shape.width)
        self.third = shape.layers // 3
        self.half = shape.layers // 2
        self.late = 2 * shape.layers // 3
        self._initialise()

    def _initialise(self) -> None:
        nn.init.normal_(self.embedding.weight, std=0.02)
        residual = 0.5 * self.shape.width**-0.5 / (2 * self.shape.layers) ** 0.5
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif name.endswith(("o.weight", "down.weight")):
                nn.init.normal_(parameter, std=residual)
            elif parameter.dim() == 2 and "embedding" not in name:
                nn.init.normal_(parameter, std=0.5 * parameter.shape[1] ** -0.5)

    def forward(
        self, tokens: Tensor, start: int, prefix: list[KeysAndValues] | None = None
    ) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        """Reads rows of tokens.

        tokens: (rows, length), padded behind. start: position of the first token of each row.
        Returns the normed hidden states and, per layer, keys and values of the rows.
        """
        x, read = self._through(slice(None), self._embed(tokens), start, prefix)
        return self.norm(x), read

    def lower(
        self, tokens: Tensor, start: int, prefix: list[KeysAndValues], late: bool
    ) -> Heights:
        """The rows up to half way, or with `late` up to two thirds of it."""
        words = self._embed(tokens)
        third, _ = self._through(slice(self.third), words, start, prefix)
        half, _ = self._through(slice(self.third, self.half), third, start, prefix)
        more = slice(self.half, self.late)
        return Heights(
            words, third, half, self._through(more, half, start, prefix)[0] if late else None
        )

    def upper(self, late: Tensor, start: int, prefix: list[KeysAndValues]) -> Tensor:
        """The normed hidden states, out of what two thirds of the layers have made."""
        return self.norm(self._through(slice(self.late, None), late, start, prefix)[0])

    def rest_upper(self, rests: bool) -> None:
        """Whether the last third of the layers stays as it is; what is below learns through it."""
        self.blocks[self.late :].requires_grad_(not rests)

    def _embed(self, tokens: Tensor) -> Tensor:
        return self.dropout(self.embedding(tokens))

    def _through(
        self, layers: slice, x: Tensor, start: int, prefix: list[KeysAndValues] | None
    ) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        rotation = self._rotation(start, x.shape[1])
        before = [None] * len(self.blocks) if prefix is None else prefix
        read = []
        for block, known in zip(self.blocks[layers], before[layers]):
            x, keys, values = block(x, rotation, known)
            read.append((keys, values))
        return x, read

    def read_prefix(self, tokens: list[int], layers: int | None = None) -> list[KeysAndValues]:
        """Keys and values of a prefix that starts at position 0, in the first layers or in all."""
        row = torch.tensor([tokens], device=self.embedding.weight.device)
        _, read = self._through(slice(layers), self._embed(row), 0, None)
        return [(keys[0], values[0]) for keys, values in read]

    def logits(self, hidden: Tensor) -> Tensor:
        with torch.autocast(hidden.device.type, enabled=False):
            return hidden.float() @ self.embedding.weight.t()

    def _rotation(self, start: int, length: int) -> tuple[Tensor, Tensor]:
        half = self.shape.head_width // 2
        device = self.embedding.weight.device
        rates = self.shape.rope_base ** (-torch.arange(half, device=device) / half)
        angles = (start + torch.arange(length, device=device))[:, None] * rates[None]
        cos, sin = angles.cos(), angles.sin()
        return torch.cat([cos, cos], 1)[:, None], torch.cat([-sin, sin], 1)[:, None]


def rotate(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """Rotary position embedding; the two halves of a head are the pairs, as in qwen2."""
    cos, sin = (part.to(x.dtype) for part in rotation)
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)


def append(
    prefix: list[KeysAndValues], read: list[tuple[Tensor, Tensor]], length: int
) -> list[KeysAndValues]:
    """A prefix that goes on with the first tokens of a single row."""
    return [
        (torch.cat([k, rk[0, :, :length]], 1), torch.cat([v, rv[0, :, :length]], 1))
        for (k, v), (rk, rv) in zip(prefix, read)
    ]
