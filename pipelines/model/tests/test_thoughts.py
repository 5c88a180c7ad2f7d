"""Specification of what one may think about a ticket, and of what is learned of that."""

import random
import unittest

from demomodel import thoughts
from demomodel.analysis import load
from demomodel.tasks import THOUGHT, TICKET_TRIAGE, Sample, Task
from demomodel.thoughts import Thoughts
from demomodel.tickets import TicketMaker
from demomodel.tokenizer import learn


class ThoughtsTest(unittest.TestCase):
    def test_a_trace_says_what_each_line_means_twice_and_then_the_answer(self):
        made = ticket(lambda one: one.answer["customerQuote"] and not any(misread(one)))
        trace = made.reasoning.text
        for line, _ in made.lines:
            self.assertIn(f"“{line}”", trace)
        reading, _, conclusion = trace.partition("The request: ")
        self.assertIn(" Right: ", reading)
        self.assertNotIn(" Wrong: ", reading)
        self.assertTrue(conclusion.startswith(f"“{made.answer['customerQuote']}”"))
        self.assertIn(f"Category {made.answer['category']}.", conclusion)
        self.assertTrue(conclusion.endswith(made.answer["summary"]))

    def test_what_is_misread_is_put_right(self):
        made = ticket(lambda one: any(misread(one)))
        first, last = misread(made)
        trace = made.reasoning.text
        line = trace[:first].rpartition("“")[2].rstrip("” ")
        _, _, right = trace[last:].partition(f"“{line}” Wrong: ")
        self.assertTrue(right)
        self.assertFalse(right.startswith(trace[first:last]))

    def test_one_trace_in_four_misreads_a_line(self):
        rng, maker = random.Random(3), TicketMaker()
        count = sum(any(misread(maker.make(rng))) for _ in range(400))
        self.assertAlmostEqual(count / 400, thoughts.MISREAD, delta=0.08)

    def test_nobody_learns_to_misread(self):
        text = "First “öl” is wrong. Then it is right."
        start = text.index("is wrong.")
        reasoning = Thoughts(text, (start, start + len("is wrong.")))
        tokenizer = learn([(text, 5)], 300)
        task = Task(load(TICKET_TRIAGE), tokenizer, lambda rng: None)
        made = TicketMaker().make(random.Random(1))
        row = task.row(Sample("x", reasoning, made.answer, 0.0), True, 0.0, Never())
        thought = [at for at, weight in enumerate(row.weights) if weight == THOUGHT]
        learned = tokenizer.decode([row.tokens[at] for at in thought])
        self.assertEqual("First “öl” Then it is right.\n", learned.partition("</think>")[0])


class Never(random.Random):
    """Nothing happens by chance."""

    def random(self) -> float:
        return 0.999


def misread(made) -> tuple[int, int]:
    return made.reasoning.misread


def ticket(wanted):
    rng, maker = random.Random(7), TicketMaker()
    return next(one for one in (maker.make(rng) for _ in range(500)) if wanted(one))


if __name__ == "__main__":
    unittest.main()
