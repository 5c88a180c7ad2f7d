"""Specification of the losses that are learned from."""

import contextlib
import multiprocessing
import random
import unittest
from unittest import mock

import torch

from demomodel import workers
from demomodel.analysis import load
from demomodel.batches import Batches, Mix
from demomodel.network import Network, Shape
from demomodel.tasks import TICKET_TRIAGE, Sample, Task
from demomodel.tickets import TicketMaker
from demomodel.tokenizer import learn

ANSWERED, TOLD = Mix("answered", 5, 1.0, 0.5, 0.0), Mix("told", 5, 0.0, 1.0, 0.0)


class LossesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(1)
        tokenizer = learn([("where is my parcel, please?", 5), ('{"language":"en"}', 5)], 300)
        maker, analysis = TicketMaker(), load(TICKET_TRIAGE)

        def sample(rng: random.Random) -> Sample:
            made = maker.brief(rng)
            return Sample(
                made.text, made.reasoning, made.answer, 0.0, latents=made.latents, lines=made.lines
            )

        task = Task(analysis, tokenizer, sample)
        tasks = {ANSWERED.task: task, TOLD.task: task}
        shape = Shape(tokenizer.size, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)
        cls.network = Network(shape).eval()
        cls.batches = Batches(tasks, ((ANSWERED, TOLD),), 1).of(0, 0, 0.0)

    def losses(self, at_once: int):
        with mock.patch.object(workers, "AT_ONCE", at_once), torch.no_grad():
            return [workers.losses_of(self.network, batch) for batch in self.batches]

    def test_they_are_the_same_however_many_documents_are_read_at_once(self):
        for together, apart in zip(self.losses(100), self.losses(2)):
            for one, other in zip(together, apart):
                self.assertEqual(one is None, other is None)
                if one is not None:
                    self.assertAlmostEqual(float(one), float(other), places=4)

    def test_tickets_without_an_answer_only_tell_what_they_were_made_of(self):
        (answers, latents), (no_answers, told) = self.losses(100)
        self.assertIsNone(no_answers)
        for loss in (answers, latents, told):
            self.assertGreater(float(loss), 0)


def no_tasks() -> dict:
    if multiprocessing.current_process().name != "MainProcess":
        raise MemoryError
    return {}


class WorkersTest(unittest.TestCase):
    def test_that_the_other_process_has_died_is_told(self):
        shape = Shape(64, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)
        both = workers.Workers(Network(shape), no_tasks, 1)
        with contextlib.closing(both), mock.patch.object(workers, "backward", return_value={}):
            with mock.patch.object(Batches, "of", return_value=[]):
                with self.assertRaisesRegex(RuntimeError, "ended with 1"):
                    both.backward(0, 0, 0.0, False)


if __name__ == "__main__":
    unittest.main()
