"""A batch depends on the seed and the step, and on nothing that was made before."""

import random
import unittest

from demomodel.analysis import load
from demomodel.batches import LENGTHS, Batch, Batches, Mix
from demomodel.tasks import TICKET_TRIAGE, Sample, Task
from demomodel.tickets import TicketMaker
from demomodel.tokenizer import learn

MIX = Mix("ticket-triage", 3, 1.0, 0.0, 0.5)


class BatchesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        texts = [("where is my parcel, please?", 5), ('{"language":"en"}', 5)]
        cls.tokenizer = learn(texts, 300)
        maker = TicketMaker()

        def sample(rng: random.Random) -> Sample:
            ticket = maker.make(rng)
            return Sample(ticket.text, ticket.reasoning, ticket.answer, 0.0)

        cls.tasks = {"ticket-triage": Task(load(TICKET_TRIAGE), cls.tokenizer, sample)}

    def batches(self, seed=1):
        return Batches(self.tasks, ((MIX,),), seed)

    def test_who_begins_in_the_middle_gets_what_came_there(self):
        through = self.batches()
        passed = [through.of(step, 0, 0.3)[0] for step in range(2 * LENGTHS)]
        for step in (1, LENGTHS - 1, LENGTHS + 2):
            [found] = self.batches().of(step, 0, 0.3)
            self.assertEqual(passed[step].tokens.tolist(), found.tokens.tolist())
            self.assertEqual(passed[step].prefix, found.prefix)

    def test_some_batches_have_answers_as_arrays_where_these_are_to_be_learned(self):
        plain = self.tasks["ticket-triage"]
        array = Task(plain.analysis.as_array(), self.tokenizer, plain.sample)
        both = Task(plain.analysis, self.tokenizer, plain.sample, as_array=array)
        made = Batches({"ticket-triage": both}, ((MIX,),), 1)
        prefixes = [made.of(step, 0, 1.0)[0].prefix for step in range(30)]
        arrays = prefixes.count(array.prefix())
        self.assertGreater(arrays, 3)
        self.assertEqual(30, arrays + prefixes.count(plain.prefix()))

    def test_another_seed_makes_other_documents(self):
        [one], [other] = self.batches(1).of(0, 0, 0.3), self.batches(2).of(0, 0, 0.3)
        self.assertNotEqual(one.tokens.tolist(), other.tokens.tolist())

    def test_documents_of_a_step_are_of_about_the_same_length(self):
        made = self.batches()
        lengths = sorted(made.of(step, 0, 0.0)[0].tokens.shape[1] for step in range(LENGTHS))
        self.assertLess(lengths[0], lengths[-1])

    def test_pieces_hold_the_same_documents_with_less_padding(self):
        [whole] = self.batches().of(0, 0, 0.0)
        pieces = list(whole.pieces(2))
        self.assertEqual([len(piece.tokens) for piece in pieces], [2, 1])
        of_pieces = [tokens for piece in pieces for tokens in documents(piece)]
        self.assertEqual(of_pieces, documents(whole))
        for piece in pieces:
            self.assertEqual(piece.tokens.shape[1], int(piece.lengths.max()))


def documents(batch: Batch) -> list[list[int]]:
    return [row[:length].tolist() for row, length in zip(batch.tokens, batch.lengths)]


if __name__ == "__main__":
    unittest.main()
