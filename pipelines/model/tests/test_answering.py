"""Specification of answering: whatever the weights are, an answer keeps the contract."""

import json
import re
import unittest

import torch

from demomodel.analysis import load
from demomodel.answering import Answerer
from demomodel.network import Network, Shape
from demomodel.tasks import BANK_INTENT, BOOKING_SLOTS, TICKET_TRIAGE
from demomodel.tokenizer import learn

TEXT = 'Zwei Zimmer für "Ö. M." ab 5.3. bitte\nOrder PM-2026-118877'


class AnswererTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prompts = [load(f).prefix() for f in (TICKET_TRIAGE, BANK_INTENT, BOOKING_SLOTS)]
        cls.tokenizer = learn([(text, 1) for text in prompts], 768)

    def answers(self, folder):
        shape = Shape(self.tokenizer.size, width=32, layers=1, heads=2, kv_heads=2, feed_forward=32)
        for seed in range(3):
            torch.manual_seed(seed)
            network = Network(shape).eval()
            with torch.no_grad():
                network.embedding.weight.mul_(50)
            yield Answerer(network, self.tokenizer, load(folder)).answer(TEXT)

    def test_quotes_are_words_of_the_document(self):
        for answer, _ in self.answers(BOOKING_SLOTS):
            for words in answer.values():
                if words is not None:
                    self.assertRegex(TEXT, rf"(?<!\w){re.escape(words)}(?!(?<=\w)\w)")

    def test_a_label_has_the_share_of_mass_that_is_its_own(self):
        symbols = load(BANK_INTENT).field("intent").symbols
        for answer, confidence in self.answers(BANK_INTENT):
            self.assertIn(answer["intent"], symbols)
            self.assertGreaterEqual(confidence["intent"], 1 / len(symbols))
            self.assertLessEqual(confidence["intent"], 1.0)

    def test_a_whole_form_is_filled_within_its_bounds(self):
        analysis = load(TICKET_TRIAGE)
        for answer, confidence in self.answers(TICKET_TRIAGE):
            self.assertEqual([field.name for field in analysis.fields], list(answer))
            self.assertEqual(6, len(confidence))
            self.assertIsInstance(answer["needsHuman"], bool)
            self.assertLessEqual(len(answer["references"]), 4)
            self.assertLessEqual(len(answer["summary"]), 200)
            for words in [answer["customerQuote"], *answer["references"]]:
                if words is not None:
                    self.assertIn(words, TEXT)
            json.dumps(answer)


if __name__ == "__main__":
    unittest.main()
