"""Specification of answers as tokens."""

import bisect
import itertools
import json
import unittest

from demomodel.analysis import load
from demomodel.answers import END_OF_QUOTE, START_OF_QUOTE, WHETHER_A_QUOTE, AnswerWriter
from demomodel.tasks import BANK_INTENT, BOOKING_SLOTS, TICKET_TRIAGE
from demomodel.tokenizer import learn

TICKET = {
    "language": "de",
    "customerQuote": "Wo ist es?",
    "category": "delivery",
    "priority": "normal",
    "sentiment": "neutral",
    "needsHuman": False,
    "suggestedTeam": "logistics",
    "product": None,
    "references": ["A-1", "K-2"],
    "summary": "An order is late.",
}


class AnswerWriterTest(unittest.TestCase):
    def setUp(self):
        text = json.dumps(TICKET, separators=(",", ":")) + '":null,"product "],"summary":":["'
        self.tokenizer = learn([(text, 10), ('":null', 50), ('"],"', 50), ('":["', 50)], 400)

    def written(self, folder, answer, array=False):
        analysis = load(folder).as_array() if array else load(folder)
        tokens, weights = AnswerWriter(analysis, self.tokenizer).write(answer)
        self.assertEqual(len(tokens), len(weights))
        chosen = [self.tokenizer.decode([t]) for t, w in zip(tokens, weights) if w]
        return self.tokenizer.decode(tokens), chosen

    def test_an_answer_is_compact_json_in_the_order_of_the_schema(self):
        text, _ = self.written(TICKET_TRIAGE, TICKET)
        self.assertEqual(json.dumps(TICKET, separators=(",", ":"), ensure_ascii=False), text)

    def test_as_an_array_it_is_the_same_values_without_names(self):
        for ticket in (TICKET, {**TICKET, "customerQuote": None, "product": "X", "references": []}):
            text, chosen = self.written(TICKET_TRIAGE, ticket, array=True)
            values = list(ticket.values())
            self.assertEqual(json.dumps(values, separators=(",", ":")), text)
            self.assertIn("delivery", "".join(chosen))

    def test_as_an_array_a_form_of_nulls_has_as_many_choices(self):
        missing = dict.fromkeys((f.name for f in load(BOOKING_SLOTS).fields), None)
        text, chosen = self.written(BOOKING_SLOTS, missing, array=True)
        self.assertEqual([None] * 14, json.loads(text))
        self.assertEqual(14, len(chosen))

    def test_forced_text_is_not_to_be_learned(self):
        _, chosen = self.written(TICKET_TRIAGE, TICKET)
        self.assertNotIn("customerQuote", "".join(chosen))
        self.assertIn("delivery", "".join(chosen))

    def test_the_choice_between_null_and_a_value_is_to_be_learned(self):
        missing = dict.fromkeys((f.name for f in load(BOOKING_SLOTS).fields), None)
        _, none = self.written(BOOKING_SLOTS, missing)
        _, one = self.written(BOOKING_SLOTS, {**missing, "rooms": "two"})
        self.assertEqual(14, len(none))
        self.assertIn('":"', one)

    def test_the_edges_of_a_quote_are_learned_before_all_but_those_of_a_list_of_numbers_are_not(self):
        tokens, weights = AnswerWriter(load(TICKET_TRIAGE), self.tokenizer).write(TICKET)
        texts = [self.tokenizer.decode([token]) for token in tokens]
        written = "".join(texts)
        ends = list(itertools.accumulate(map(len, texts)))

        def at(place):
            return weights[bisect.bisect_right(ends, place)]

        quote = written.index(TICKET["customerQuote"])
        self.assertEqual(START_OF_QUOTE, at(quote))
        self.assertEqual(END_OF_QUOTE, at(quote + len(TICKET["customerQuote"])))
        for reference in TICKET["references"]:
            self.assertEqual(1.0, at(written.index(reference)))
            self.assertEqual(1.0, at(written.index(reference) + len(reference)))

    def test_whether_there_is_a_quote_weighs_more_than_whether_there_is_a_text(self):
        writer = AnswerWriter(load(TICKET_TRIAGE), self.tokenizer)
        quoted = {**TICKET, "product": "X"}
        _, both = writer.write(quoted)
        self.assertEqual(1, both.count(WHETHER_A_QUOTE) - 1)  # The end of the quote weighs as much.
        _, neither = writer.write({**quoted, "customerQuote": None, "product": None})
        self.assertEqual(1, neither.count(WHETHER_A_QUOTE))

    def test_an_empty_list_and_the_last_field_are_written_out(self):
        text, _ = self.written(TICKET_TRIAGE, {**TICKET, "references": []})
        self.assertIn('"references":[],"summary":"An order is late."}', text)

    def test_quotes_are_escaped_as_in_json(self):
        text, _ = self.written(TICKET_TRIAGE, {**TICKET, "customerQuote": 'a "b"\nc'})
        self.assertEqual('a "b"\nc', json.loads(text)["customerQuote"])

    def test_what_follows_a_label_is_to_be_learned_where_the_label_begins_another(self):
        _, short = self.written(BANK_INTENT, {"intent": "card_arrival"})
        self.assertEqual("card_arrival", "".join(short))

    def test_a_label_that_the_schema_lacks_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no label"):
            self.written(BANK_INTENT, {"intent": "weather"})


if __name__ == "__main__":
    unittest.main()
