"""Specification of the ticket generator."""

import random
import unittest

from demomodel.analysis import load
from demomodel.issues import ISSUES
from demomodel.phrases import Phrases, languages
from demomodel.tasks import TICKET_TRIAGE
from demomodel.tickets import TicketMaker


class TicketMakerTest(unittest.TestCase):
    def setUp(self):
        self.tickets = [TicketMaker().make(random.Random(seed)) for seed in range(400)]

    def test_the_same_seed_makes_the_same_ticket(self):
        again = [TicketMaker().make(random.Random(seed)) for seed in range(400)]
        self.assertEqual(self.tickets, again)

    def test_every_label_is_one_of_the_schema_and_all_are_used(self):
        analysis = load(TICKET_TRIAGE)
        for field in analysis.fields:
            if field.symbols:
                used = {ticket.answer[field.name] for ticket in self.tickets}
                self.assertLessEqual(used, set(field.symbols))
                self.assertGreater(len(used), 3)

    def test_quotes_stand_in_the_text_word_for_word(self):
        for ticket in self.tickets:
            words = [ticket.answer["customerQuote"], *ticket.answer["references"]]
            for quote in words:
                if quote is not None:
                    self.assertIn(quote, ticket.text)

    def test_answers_keep_the_bounds_of_the_contract(self):
        for ticket in self.tickets:
            self.assertLessEqual(len(ticket.answer["summary"]), 200)
            self.assertLessEqual(len(ticket.answer["customerQuote"] or ""), 160)
            self.assertLessEqual(len(ticket.answer["references"]), 4)

    def test_sentences_to_test_with_are_none_to_train_with(self):
        """Titles and quotations of earlier mails have none to spare, as the model's card says."""
        for language in languages():
            for name, section in Phrases(language).sections.items():
                if name in ("quoted", "older"):
                    continue
                for kind in section.lines.keys() - {"t"}:
                    trained = section.choices(kind.lower(), held_out=False)
                    tested = section.choices(kind.lower(), held_out=True)
                    self.assertTrue(trained)
                    if len({*trained, *tested}) >= 3:
                        self.assertFalse(set(trained) & set(tested))

    def test_every_issue_can_be_told_in_the_main_languages(self):
        for language in ("en", "de", "fr", "es"):
            phrases = Phrases(language)
            for name, issue in ISSUES.items():
                self.assertIn(name, phrases, language)
                for wish in issue.wishes:
                    self.assertIn(f"ask.{wish}", phrases, language)


if __name__ == "__main__":
    unittest.main()
