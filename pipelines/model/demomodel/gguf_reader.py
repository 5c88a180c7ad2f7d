"""Reads back what `gguf` wrote, so that training can go on from a model that exists."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch

from .gguf import TYPE_F32, TYPE_Q8_0, padding, tensors_of
from .network import Network, Shape
from .tokenizer import Tokenizer

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_BLOCK = np.dtype([("scale", "<f2"), ("quants", "i1", 32)])


def read(path: Path) -> tuple[Network, Tokenizer]:
    """The network and the tokenizer of a file that this tool made.

    Weights are those of the file: rounded to Q8_0. Raises ValueError for any other file.
    """
    file = _File(path.read_bytes())
    if file.take("4s") != b"GGUF":
        raise ValueError(f"{path}: not a GGUF file")
    file.take("I")
    tensors, keys = file.take("Q"), file.take("Q")
    metadata = {file.text(): file.value(file.take("I")) for _ in range(keys)}
    if metadata.get("general.name") != "Kaiseki demo":
        raise ValueError(f"{path}: not a model that this tool made; it goes on from those alone")
    places = {}
    for _ in range(tensors):
        name = file.text()
        dimensions = [file.take("Q") for _ in range(file.take("I"))]
        places[name] = tuple(reversed(dimensions)), file.take("I"), file.take("Q")
    network = Network(_shape(metadata))
    start = file.at + padding(file.at)
    with torch.no_grad():
        for name, parameter in tensors_of(network):
            size, kind, offset = places[name]
            values = _values(file.content, start + offset, int(np.prod(size)), kind)
            parameter.copy_(torch.from_numpy(values.reshape(size)))
    merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
    return network, Tokenizer(merges)


def _shape(metadata: dict) -> Shape:
    def number(name: str):
        return metadata[f"qwen2.{name}"]

    return Shape(
        vocabulary=len(metadata["tokenizer.ggml.tokens"]),
        width=number("embedding_length"),
        layers=number("block_count"),
        heads=number("attention.head_count"),
        kv_heads=number("attention.head_count_kv"),
        feed_forward=number("feed_forward_length"),
        context=number("context_length"),
        rope_base=number("rope.freq_base"),
    )


def _values(content: bytes, start: int, count: int, kind: int) -> np.ndarray:
    if kind == TYPE_F32:
        return np.frombuffer(content, "<f4", count, start).copy()
    if kind != TYPE_Q8_0:
        raise ValueError(f"a tensor has type {kind}; this tool writes F32 and Q8_0")
    blocks = np.frombuffer(content, _BLOCK, count // 32, start)
    return blocks["quants"] * blocks["scale"].astype(np.float32)[:, None]


class _File:
    """A file's bytes and how far they are read."""

    def __init__(self, content: bytes):
        self.content = content
        self.at = 0

    def take(self, kind: str):
        (value,) = struct.unpack_from("<" + kind, self.content, self.at)
        self.at += struct.calcsize("<" + kind)
        return value

    def text(self) -> str:
        length = self.take("Q")
        self.at += length
        return self.content[self.at - length : self.at].decode()

    def value(self, kind: int):
        if kind == _STRING:
            return self.text()
        if kind == _ARRAY:
            of, count = self.take("I"), self.take("Q")
            return [self.value(of) for _ in range(count)]
        return self.take(_SCALARS[kind])
