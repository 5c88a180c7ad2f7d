"""Training ends, whatever happens."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from demomodel.network import Network, Shape
from demomodel.training import Training


class TrainingTest(unittest.TestCase):
    def test_a_step_that_fails_lets_the_other_process_go(self):
        shape = Shape(64, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)
        workers = mock.Mock()
        workers.backward.side_effect = RuntimeError("out of memory")
        with tempfile.TemporaryDirectory() as folder:
            training = Training(
                Path(folder), Network(shape), False, dict, 1, 1.0, torch.device("cpu")
            )
            with mock.patch.object(training, "_workers", return_value=workers):
                with self.assertRaises(RuntimeError):
                    training.run(60, lambda: False)
        workers.close.assert_called_once()


if __name__ == "__main__":
    unittest.main()
