"""Specification of the heads that training alone uses."""

import random
import unittest
from dataclasses import replace

import torch

from demomodel import heads
from demomodel.analysis import load
from demomodel.batches import Batches, Mix
from demomodel.heads import Line
from demomodel.latents import SIZES
from demomodel.network import Network, Shape
from demomodel.tasks import TICKET_TRIAGE, Sample, Task
from demomodel.tickets import TicketMaker
from demomodel.tokenizer import learn

TOLD = Mix("told", 6, 0.0, 1.0, 0.0)


class HeadsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(1)
        tokenizer = learn([("where is my parcel, please?", 5)], 290)
        maker = TicketMaker()

        def sample(rng: random.Random) -> Sample:
            made = maker.make(rng)
            return Sample(made.text, made.reasoning, made.answer, 0.0, latents=made.latents, lines=made.lines)

        tasks = {TOLD.task: Task(load(TICKET_TRIAGE), tokenizer, sample)}
        shape = Shape(tokenizer.size, width=32, layers=6, heads=4, kv_heads=2, feed_forward=64)
        cls.network = Network(shape).eval()
        [cls.batch] = Batches(tasks, ((TOLD,),), 1).of(0, 0, 0.0)
        cls.prefix = cls.network.read_prefix(cls.batch.prefix, cls.network.late)

    def reading(self, tokens):
        read = self.network.lower(tokens, self.batch.start, self.prefix, late=True)
        return heads.reading(read, self.batch)

    @torch.no_grad()
    def test_a_line_is_told_from_what_stands_before_its_end(self):
        ends = self.batch.line_ends
        first = int(ends[0, 0])
        changed = self.batch.tokens.clone()
        changed[0, first + 1 :] = 0
        before, after = self.reading(self.batch.tokens), self.reading(changed)
        self.assertTrue(torch.equal(before.lines[0], after.lines[0]))
        self.assertFalse(torch.equal(before.words[0], after.words[0]))
        self.assertFalse(torch.equal(before.documents[0], after.documents[0]))

    @torch.no_grad()
    def test_what_follows_the_models_turn_is_not_read(self):
        changed = self.batch.tokens.clone()
        for row, turn in zip(changed, self.batch.turns):
            row[turn + 1 :] = 0
        for before, after in zip(self.reading(self.batch.tokens), self.reading(changed)):
            self.assertTrue(torch.equal(before, after))

    def test_all_heads_learn_and_so_do_the_layers_below_them(self):
        reading = self.reading(self.batch.tokens)
        self.network.zero_grad()
        self.network.heads.loss([reading], self.batch, self.network.logits).backward()
        learned = [*self.network.heads.parameters(), self.network.embedding.weight]
        learned += self.network.blocks[: self.network.late].parameters()
        for parameter in learned:
            self.assertGreater(float(parameter.grad.abs().sum()), 0)

    def test_documents_without_lines_are_told_as_well(self):
        ends, said, firsts = heads.pad([[] for _ in self.batch.turns])
        quotes = torch.full_like(self.batch.answer_quotes, -1)
        batch = replace(
            self.batch, line_ends=ends, lines=said, line_firsts=firsts, answer_quotes=quotes
        )
        read = self.network.lower(batch.tokens, batch.start, self.prefix, late=False)
        loss = self.network.heads.loss(
            [heads.reading(read, batch)], batch, self.network.logits
        )
        self.assertTrue(torch.isfinite(loss))

    def test_rows_with_fewer_lines_are_padded(self):
        said = tuple(range(len(SIZES)))
        ends, told, firsts = heads.pad([[Line(4, said, 7)], [], [Line(2, said, -1), Line(5, said, 1)]])
        self.assertEqual(ends.tolist(), [[4, -1], [-1, -1], [2, 5]])
        self.assertEqual(firsts.tolist(), [[7, -1], [-1, -1], [-1, 1]])
        self.assertEqual(told[2, 1].tolist(), list(said))


if __name__ == "__main__":
    unittest.main()
