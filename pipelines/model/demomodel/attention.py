"""Attention of documents to a shared prefix and to themselves.

On a CPU it is written by hand and takes a few documents at a time, because all that is between the
scores and the output then fits into a core's cache: letting autograd do it over the whole batch
takes several times as long. A GPU has PyTorch's fused kernel.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

# Scores at a time; four bytes each.
_AT_ONCE = 400_000


def attend(q: Tensor, keys: Tensor, values: Tensor, prefix: tuple[Tensor, Tensor] | None) -> Tensor:
    """Causal attention of each row to the prefix and to the row's own tokens.

    q: (rows, heads, length, width). keys, values: (rows, key-value heads, length, width); each of
    them serves as many heads, side by side, as there are more. prefix: keys and values without
    rows, if there is one. Returns what q's shape is.
    """
    if q.is_cuda:
        return fused(q, keys, values, prefix)
    rows, kv_heads, length, width = keys.shape
    if prefix is None:
        empty = keys.new_zeros(kv_heads, 0, width)
        prefix = empty, empty
    # (rows, key-value heads, heads of a group * length, width)
    grouped = q.reshape(rows, kv_heads, -1, width) * width**-0.5
    return _Attention.apply(grouped, keys, values, *prefix).view(q.shape)


def fused(q: Tensor, keys: Tensor, values: Tensor, prefix: tuple[Tensor, Tensor] | None) -> Tensor:
    """The same by PyTorch's own attention, in bfloat16; it takes PyTorch 2.3 or newer."""
    from torch.nn.attention.bias import causal_lower_right

    rows, heads, length, _ = q.shape
    group = heads // keys.shape[1]
    if prefix is not None:
        keys, values = (
            torch.cat([before.expand(rows, -1, -1, -1), own], 2)
            for before, own in zip(prefix, (keys, values))
        )
    keys, values = (x.bfloat16().repeat_interleave(group, 1) for x in (keys, values))
    # The last query sees every key, and each one before it one key less.
    mask = causal_lower_right(length, keys.shape[2])
    return F.scaled_dot_product_attention(q.bfloat16(), keys, values, attn_mask=mask)


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, keys, values, before_keys, before_values):  # type: ignore[override]
        rows, heads, queries, width = q.shape
        length, count = keys.shape[2], before_keys.shape[1]
        total = count + length
        mask = torch.full((length, length), float("-inf")).triu(1)
        step = max(1, _AT_ONCE // (heads * queries * total))
        out = torch.empty_like(q)
        kept = []
        for at in range(0, rows, step):
            some = slice(at, min(rows, at + step))
            k = _joined(before_keys, keys[some])
            v = _joined(before_values, values[some])
            scores = torch.bmm(q[some].reshape(-1, queries, width), k.transpose(1, 2))
            scores.view(-1, length, total)[..., count:] += mask
            weights = F.softmax(scores, -1)
            out[some] = torch.bmm(weights, v).view(-1, heads, queries, width)
            kept.append((some, k, v, weights))
        ctx.kept, ctx.q, ctx.count = kept, q, count
        return out

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[override]
        q, count = ctx.q, ctx.count
        rows, heads, queries, width = q.shape
        read = any(ctx.needs_input_grad[3:])
        of_q, of_keys, of_values, of_before = torch.empty_like(q), [], [], [0.0, 0.0]
        for some, k, v, weights in ctx.kept:
            out = gradient[some].reshape(-1, queries, width)
            of_v = torch.bmm(weights.transpose(1, 2), out)
            of_weights = torch.bmm(out, v.transpose(1, 2))
            of_scores = torch._softmax_backward_data(of_weights, weights, -1, weights.dtype)
            of_q[some] = torch.bmm(of_scores, k).view(-1, heads, queries, width)
            of_k = torch.bmm(of_scores.transpose(1, 2), q[some].reshape(-1, queries, width))
            for place, (whole, own) in enumerate(((of_k, of_keys), (of_v, of_values))):
                whole = whole.view(-1, heads, whole.shape[1], width)
                own.append(whole[:, :, count:])
                if read:
                    of_before[place] = of_before[place] + whole[:, :, :count].sum(0)
        ctx.kept = ctx.q = None
        return (of_q, torch.cat(of_keys), torch.cat(of_values), *(of_before if read else (None,) * 2))


def _joined(before: Tensor, own: Tensor) -> Tensor:
    """(rows * heads, prefix and own tokens, width)"""
    whole = torch.cat([before.expand(own.shape[0], -1, -1, -1), own], 2) if before.shape[1] else own
    return whole.reshape(-1, whole.shape[2], whole.shape[3])
