"""Writes the model as GGUF: qwen2, Q8_0 matrices, the tokenizer inside."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch

from . import tokenizer as special
from .network import Network
from .tokenizer import PRE_TOKENIZER, SPECIAL, Tokenizer

_U32, _I32, _F32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
TYPE_F32, TYPE_Q8_0 = 0, 8
_NORMAL, _CONTROL, _USER_DEFINED, _UNUSED = 1, 3, 4, 5
_ALIGNMENT = 32

# R1's chat format, minimal; nothing in this product runs it.
_CHAT_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m.role == 'user' %}{{ '<｜User｜>' + m.content }}"
    "{% elif m.role == 'assistant' %}{{ '<｜Assistant｜>' + m.content + eos_token }}"
    "{% else %}{{ m.content }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}"
)


def write(network: Network, tokenizer: Tokenizer, path: Path) -> None:
    """Writes the file; it appears only when it is complete."""
    tensors = [(name, *_encoded(name, tensor.detach())) for name, tensor in tensors_of(network)]
    metadata = _metadata(network, tokenizer)
    header = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata)) + b"".join(metadata)
    offset = 0
    for name, kind, dimensions, content in tensors:
        header += _text(name) + struct.pack("<I", len(dimensions))
        header += b"".join(struct.pack("<Q", size) for size in dimensions)
        header += struct.pack("<IQ", kind, offset)
        offset += len(content) + padding(len(content))
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(header + bytes(padding(len(header))))
        for _, _, _, content in tensors:
            file.write(content + bytes(padding(len(content))))
    partial.replace(path)


def tensors_of(network: Network) -> list[tuple[str, torch.Tensor]]:
    """The network's parameters by their name in the file, in the order of the file."""
    tensors = [
        ("token_embd.weight", network.embedding.weight),
        ("output_norm.weight", network.norm.weight),
    ]
    for number, block in enumerate(network.blocks):
        attention = block.attention
        tensors += [
            (f"blk.{number}.{name}", tensor)
            for name, tensor in (
                ("attn_norm.weight", block.attention_norm.weight),
                ("attn_q.weight", attention.q.weight),
                ("attn_q.bias", attention.q.bias),
                ("attn_k.weight", attention.k.weight),
                ("attn_k.bias", attention.k.bias),
                ("attn_v.weight", attention.v.weight),
                ("attn_v.bias", attention.v.bias),
                ("attn_output.weight", attention.o.weight),
                ("ffn_norm.weight", block.ffn_norm.weight),
                ("ffn_gate.weight", block.gate.weight),
                ("ffn_up.weight", block.up.weight),
                ("ffn_down.weight", block.down.weight),
            )
        ]
    return tensors


def _encoded(name: str, tensor: torch.Tensor) -> tuple[int, tuple[int, ...], bytes]:
    values = tensor.numpy().astype(np.float32)
    dimensions = tuple(reversed(values.shape))
    if values.ndim == 1:
        return TYPE_F32, dimensions, values.tobytes()
    if values.shape[1] % 32:
        raise ValueError(f"{name}: rows of {values.shape[1]} do not divide by 32")
    return TYPE_Q8_0, dimensions, quantized(values)


def quantized(values: np.ndarray) -> bytes:
    """Q8_0: of each 32 values a half-precision scale and 32 signed bytes."""
    blocks = values.reshape(-1, 32)
    scale = (np.abs(blocks).max(1) / 127).astype(np.float16)
    wide = scale.astype(np.float32)
    inverse = np.divide(1, wide, out=np.zeros_like(wide), where=wide > 0)
    quants = np.rint(blocks * inverse[:, None]).clip(-127, 127).astype(np.int8)
    out = np.empty((len(blocks), 34), np.uint8)
    out[:, :2] = scale.view(np.uint8).reshape(-1, 2)
    out[:, 2:] = quants.view(np.uint8)
    return out.tobytes()


def _metadata(network: Network, tokenizer: Tokenizer) -> list[bytes]:
    shape = network.shape
    types = [_NORMAL] * tokenizer.ordinary
    for text in SPECIAL:
        types.append(_USER_DEFINED if text in (special.THINK, special.END_THINK) else _CONTROL)
    types += [_UNUSED] * (tokenizer.size - len(types))
    merges = [f"{left} {right}" for left, right in tokenizer.merges]
    end = tokenizer.special(special.END)
    return [
        _string("general.architecture", "qwen2"),
        _string("general.type", "model"),
        _string("general.name", "Kaiseki demo"),
        _string("general.license", "apache-2.0"),
        _u32("general.file_type", 7),
        _u32("general.quantization_version", 2),
        _u32("qwen2.block_count", shape.layers),
        _u32("qwen2.context_length", shape.context),
        _u32("qwen2.embedding_length", shape.width),
        _u32("qwen2.feed_forward_length", shape.feed_forward),
        _u32("qwen2.attention.head_count", shape.heads),
        _u32("qwen2.attention.head_count_kv", shape.kv_heads),
        _f32("qwen2.rope.freq_base", shape.rope_base),
        _f32("qwen2.attention.layer_norm_rms_epsilon", shape.epsilon),
        _string("tokenizer.ggml.model", "gpt2"),
        _string("tokenizer.ggml.pre", PRE_TOKENIZER),
        _strings("tokenizer.ggml.tokens", tokenizer.texts),
        _key("tokenizer.ggml.token_type", _ARRAY)
        + struct.pack("<IQ", _I32, len(types))
        + struct.pack(f"<{len(types)}i", *types),
        _strings("tokenizer.ggml.merges", merges),
        _u32("tokenizer.ggml.bos_token_id", tokenizer.special(special.BEGIN)),
        _u32("tokenizer.ggml.eos_token_id", end),
        _u32("tokenizer.ggml.padding_token_id", end),
        _flag("tokenizer.ggml.add_bos_token", True),
        _flag("tokenizer.ggml.add_eos_token", False),
        _string("tokenizer.chat_template", _CHAT_TEMPLATE),
    ]


def padding(length: int) -> int:
    """Bytes up to where the next part of a file may begin."""
    return -length % _ALIGNMENT


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _key(key: str, kind: int) -> bytes:
    return _text(key) + struct.pack("<I", kind)


def _string(key: str, value: str) -> bytes:
    return _key(key, _STRING) + _text(value)


def _strings(key: str, values: list[str]) -> bytes:
    joined = b"".join(_text(value) for value in values)
    return _key(key, _ARRAY) + struct.pack("<IQ", _STRING, len(values)) + joined


def _u32(key: str, value: int) -> bytes:
    return _key(key, _U32) + struct.pack("<I", value)


def _f32(key: str, value: float) -> bytes:
    return _key(key, _F32) + struct.pack("<f", value)


def _flag(key: str, value: bool) -> bytes:
    return _key(key, _BOOL) + struct.pack("<?", value)
