"""Training ends, whatever happens, and goes on as if it had never been stopped."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from demomodel.network import Network, Shape
from demomodel.training import Training


def training_in(folder: str) -> Training:
    """One of a minute, kept in the folder."""
    shape = Shape(64, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)
    return Training(Path(folder), Network(shape), False, dict, 1, 1.0, torch.device("cpu"))


class TrainingTest(unittest.TestCase):
    def test_steps_shrink_after_it_was_stopped_too(self):
        workers = mock.Mock()
        workers.backward.return_value = {}
        with tempfile.TemporaryDirectory() as folder:
            stopped = training_in(folder)
            with mock.patch.object(stopped, "_workers", return_value=workers):
                stopped.run(60, lambda: stopped._step == 25)
            stopped._spent = 54.0
            stopped._save()
            full = [group["lr"] for group in stopped._groups()]

            resumed = training_in(folder)
            with mock.patch.object(resumed, "_workers", return_value=workers):
                resumed.run(60, lambda: resumed._step == 26)
        for before, after in zip(full, (group["lr"] for group in resumed._groups())):
            self.assertLess(after, 0.2 * before)

    def test_a_step_that_fails_lets_the_other_process_go(self):
        workers = mock.Mock()
        workers.backward.side_effect = RuntimeError("out of memory")
        with tempfile.TemporaryDirectory() as folder:
            training = training_in(folder)
            with mock.patch.object(training, "_workers", return_value=workers):
                with self.assertRaises(RuntimeError):
                    training.run(60, lambda: False)
        workers.close.assert_called_once()


if __name__ == "__main__":
    unittest.main()
