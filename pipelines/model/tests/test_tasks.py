"""Specification of documents as rows of tokens."""

import bisect
import itertools
import random
import unittest

from demomodel.analysis import load
from demomodel.heads import FURTHEST
from demomodel.tasks import TICKET_TRIAGE, Sample, Task
from demomodel.tickets import TicketMaker
from demomodel.tokenizer import learn


class RowTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.maker = TicketMaker()
        made = [cls.maker.make(random.Random(seed)) for seed in range(50)]
        cls.tokenizer = learn([(ticket.text, 1) for ticket in made], 600)
        cls.task = Task(load(TICKET_TRIAGE), cls.tokenizer, lambda rng: None)

    def rows(self, quotes=True):
        for seed in range(100):
            made = self.maker.make(random.Random(seed))
            sample = Sample(made.text, made.reasoning, made.answer, 0.0, lines=made.lines, quotes=quotes)
            rng = random.Random(seed)
            yield made, self.task.row(sample, False, 0.1, rng, answered=False)

    def test_lines_end_with_the_token_that_has_their_last_character(self):
        for made, row in self.rows():
            self.assertEqual(len(made.lines), len(row.lines))
            for (text, said), line in zip(made.lines, row.lines):
                read = self.tokenizer.decode(row.tokens[: line.end + 1])
                before = self.tokenizer.decode(row.tokens[: line.end])
                self.assertIn(text, read)
                self.assertNotIn(text, before)
                self.assertEqual(said, line.said)

    def test_each_token_tells_how_far_back_its_line_begins(self):
        told = 0
        for made, row in self.rows():
            if not made.lines:
                self.assertEqual([], row.since)
                continue
            ends = list(itertools.accumulate(len(self.tokenizer.bytes_of(t)) for t in row.tokens))
            for line, _ in made.lines:
                start = len(made.text[: made.text.index(line)].encode())
                first = bisect.bisect_right(ends, start)
                self.assertEqual(0, row.since[first], made.text)
                told += 1
            for place, (one, after) in enumerate(itertools.pairwise(row.since)):
                self.assertIn(after, (0, min(FURTHEST, one + 1)), place)
        self.assertGreater(told, 200)

    def test_quotes_begin_with_what_a_trouble_or_a_wish_begins_with(self):
        asked = 0
        for made, row in self.rows():
            for (text, said), line in zip(made.lines, row.lines):
                issue, wish, *_ = said
                self.assertEqual(line.first >= 0, bool(issue or wish))
                if line.first >= 0:
                    first = self.tokenizer.bytes_of(line.first)
                    self.assertTrue(text.encode().startswith(first))
                    asked += 1
        self.assertGreater(asked, 100)

    def test_quotes_are_not_asked_for_unless_the_sample_says_so(self):
        for _, row in self.rows(quotes=False):
            self.assertTrue(all(line.first < 0 for line in row.lines))


if __name__ == "__main__":
    unittest.main()
