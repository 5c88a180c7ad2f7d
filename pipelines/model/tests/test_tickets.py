"""Specification of the ticket generator."""

import random
import re
import unittest

from demomodel import noise
from demomodel.analysis import load
from demomodel.issues import ISSUES, WISHES
from demomodel.latents import CIRCUMSTANCES, TONES
from demomodel.phrases import Phrases
from demomodel.tasks import TICKET_TRIAGE
from demomodel.tickets import MAIN_LANGUAGES, TicketMaker


class TicketMakerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.maker = TicketMaker()
        cls.tickets = [cls.maker.make(random.Random(seed)) for seed in range(400)]

    def test_the_same_seed_makes_the_same_ticket(self):
        another = TicketMaker()
        again = [another.make(random.Random(seed)) for seed in range(400)]
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

    def test_quotes_begin_and_end_with_a_word_or_a_mark(self):
        french = [self.maker.make(random.Random(seed), "fr") for seed in range(400)]
        for ticket in [*self.tickets, *french]:
            quote = ticket.answer["customerQuote"]
            if quote is not None:
                self.assertEqual(quote.strip(), quote)

    def test_labels_follow_from_the_latent_variables(self):
        brief = [self.maker.brief(random.Random(seed)) for seed in range(200)]
        for ticket in [*self.tickets, *brief]:
            issue, wish, tone, *circumstances = ticket.latents
            category = list(ISSUES.values())[issue - 1].category if issue else "other"
            self.assertEqual(ticket.answer["category"], category)
            if tone:
                # Whoever shouts is angry, however civil the words.
                shouted = "angry" if ticket.text.isupper() else TONES[tone]
                self.assertIn(ticket.answer["sentiment"], (TONES[tone], shouted))
            if circumstances[CIRCUMSTANCES.index("dependent")]:
                self.assertEqual(ticket.answer["priority"], "urgent")
            if wish:
                self.assertIn(list(WISHES.values())[wish - 1], ticket.answer["summary"])

    def test_lines_stand_in_the_text_and_together_say_what_the_ticket_was_made_of(self):
        brief = [self.maker.brief(random.Random(seed)) for seed in range(200)]
        told = [ticket for ticket in [*self.tickets, *brief] if ticket.lines]
        self.assertGreater(len(told), 500)
        for ticket in told:
            for line, _ in ticket.lines:
                self.assertIn(line, ticket.text)
            together = [max(values) for values in zip(*(said for _, said in ticket.lines))]
            self.assertEqual(together, list(ticket.latents))

    def test_of_brief_tickets_as_many_tell_one_thing_more_as_asked_for(self):
        def told(share: float) -> int:
            made = (self.maker.brief(random.Random(seed), more=share) for seed in range(300))
            return sum(any(ticket.latents[1:]) for ticket in made)

        rarely, often = told(0.2), told(0.8)
        self.assertGreater(rarely, 20)
        self.assertGreater(often, 2 * rarely)

    def test_those_to_learn_from_shout_more_often_than_those_to_test_with(self):
        def shouted(make) -> int:
            return sum(make(random.Random(seed), "en").text.isupper() for seed in range(2_000))

        tested, learned = shouted(TicketMaker(held_out=True).make), shouted(self.maker.make)
        self.assertGreater(tested, 5)
        self.assertGreater(learned, 1.3 * tested)

    def test_a_reworded_phrasing_has_only_words_of_those_that_say_the_same(self):
        rng = random.Random(1)
        phrase, other = "I want my {a} back.", "Return the {a} for {o} please."
        words = {*phrase.split(), *other.split()}
        made = {noise.reworded(phrase, [phrase, other], rng) for _ in range(200)}
        self.assertGreater(len(made), 30)
        for one in made:
            self.assertLessEqual(set(one.split()), words)

    def test_a_reworded_phrasing_begins_and_ends_as_one_so_that_a_quote_of_it_has_edges(self):
        rng = random.Random(1)
        phrase, other = "My parcel was here, wasn't it?", "Send it again. Please."
        for _ in range(200):
            one = noise.reworded(phrase, [phrase, other], rng)
            self.assertTrue(one.startswith("My "), one)
            self.assertTrue(one.endswith((" it?", "Please.")), one)
            self.assertNotRegex(one, r"[?]\s")
        for short in ("Help!", "Help me!"):
            self.assertEqual(short, noise.reworded(short, [short, other], rng))

    def test_answers_keep_the_bounds_of_the_contract(self):
        for ticket in self.tickets:
            self.assertLessEqual(len(ticket.answer["summary"]), 200)
            self.assertLessEqual(len(ticket.answer["customerQuote"] or ""), 160)
            self.assertLessEqual(len(ticket.answer["references"]), 4)

    def test_phrasings_to_test_with_are_none_to_train_with(self):
        def words(phrase):
            return tuple(re.findall(r"[\w{}]+", phrase.lower()))

        for language in MAIN_LANGUAGES:
            sections = Phrases(language).sections
            # Of all sections: what is a title here may be a wish there.
            trained = {
                words(phrase)
                for section in sections.values()
                for kind, phrases in section.lines.items()
                if kind.islower()
                for phrase in phrases
            }
            for name, section in sections.items():
                for kind in {kind.lower() for kind in section.lines}:
                    self.assertTrue(section.choices(kind, held_out=False), f"{language} {name}")
                    tested = set(map(words, section.lines.get(kind.upper(), [])))
                    self.assertFalse(trained & tested, f"{language} {name} {kind}")

    def test_every_issue_can_be_told_in_the_main_languages(self):
        for language in MAIN_LANGUAGES:
            phrases = Phrases(language)
            for name, issue in ISSUES.items():
                self.assertIn(name, phrases, language)
                for wish in issue.wishes:
                    self.assertIn(f"ask.{wish}", phrases, language)


if __name__ == "__main__":
    unittest.main()
