"""Specification of the export."""

import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np

from demomodel import gguf, gguf_reader
from demomodel.network import Network, Shape
from demomodel.tokenizer import learn


class GgufTest(unittest.TestCase):
    def test_q8_0_is_within_half_a_step_of_the_value(self):
        values = np.random.default_rng(1).standard_normal((4, 64)).astype(np.float32)
        raw = np.frombuffer(gguf.quantized(values), np.uint8).reshape(-1, 34)
        scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
        restored = (raw[:, 2:].copy().view(np.int8) * scale).reshape(4, 64)
        step = np.repeat(scale.reshape(4, 2), 32, axis=1)
        self.assertTrue((np.abs(restored - values) <= 0.51 * step).all())

    def test_rows_that_do_not_divide_are_refused(self):
        shape = Shape(vocabulary=288, width=48, layers=1, heads=2, kv_heads=2, feed_forward=32)
        tokenizer = learn([("aa", 2)], 264)
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(ValueError, "do not divide by 32"):
                gguf.write(Network(shape), tokenizer, Path(folder) / "model.gguf")

    def test_the_file_says_how_much_it_holds(self):
        tokenizer = learn([("the parcel is late", 2)], 280)
        shape = Shape(tokenizer.size, width=32, layers=2, heads=2, kv_heads=2, feed_forward=32)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.gguf"
            gguf.write(Network(shape), tokenizer, path)
            content = path.read_bytes()
        magic, version, tensors, _ = struct.unpack_from("<4sIQQ", content)
        self.assertEqual((b"GGUF", 3, 2 + 2 * 12), (magic, version, tensors))
        self.assertIn(b"deepseek-r1-qwen", content)

    def test_what_is_read_back_is_what_was_written(self):
        tokenizer = learn([("the parcel is late", 2)], 280)
        shape = Shape(tokenizer.size, width=32, layers=2, heads=2, kv_heads=2, feed_forward=32)
        with tempfile.TemporaryDirectory() as folder:
            first, again = Path(folder) / "first.gguf", Path(folder) / "again.gguf"
            gguf.write(Network(shape), tokenizer, first)
            network, tokens = gguf_reader.read(first)
            gguf.write(network, tokens, again)
            self.assertEqual(shape, network.shape)
            self.assertEqual(first.read_bytes(), again.read_bytes())

    def test_another_file_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.gguf"
            path.write_bytes(b"not a model")
            with self.assertRaisesRegex(ValueError, "not a GGUF file"):
                gguf_reader.read(path)


if __name__ == "__main__":
    unittest.main()
