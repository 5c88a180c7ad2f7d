"""Specification of the tokenizer."""

import random
import unittest

from demomodel.tokenizer import ALPHABET, Tokenizer, in_small_letters, learn, pieces


class TokenizerTest(unittest.TestCase):
    def setUp(self):
        text = 'the parcel is late, the parcel is lost: {"category":"delivery"} größer 荷物'
        self.tokenizer = learn([(text, 10)], 320)

    def test_every_text_comes_back_from_its_tokens(self):
        for text in ("a parcel", "größer\n\n 荷物 👍", '{"a":"b"}', "  \t x \r\n", ""):
            self.assertEqual(text, self.tokenizer.decode(self.tokenizer.encode(text)))

    def test_dropped_merges_change_tokens_and_not_the_text(self):
        rng = random.Random(1)
        variants = {tuple(self.tokenizer.encode("the parcel", 0.5, rng)) for _ in range(50)}
        self.assertGreater(len(variants), 1)
        for tokens in variants:
            self.assertEqual("the parcel", self.tokenizer.decode(tokens))

    def test_text_is_cut_as_qwen2_cuts_it(self):
        self.assertEqual(
            ["It", "'s", " ", "4", "2", ".", "5", "0", " €\n\n", "don", "'t", " ", " stop"],
            pieces("It's 42.50 €\n\ndon't  stop"),
        )
        self.assertEqual(['","', "category", '":"'], pieces('","category":"'))

    def test_a_long_text_is_cut_before_a_space(self):
        text = "word " * 300
        self.assertEqual(text, "".join(pieces(text)))
        self.assertEqual({"word", " word", " "}, set(pieces(text)))

    def test_special_tokens_are_no_text(self):
        think = self.tokenizer.special("<think>")
        self.assertEqual(b"", self.tokenizer.bytes_of(think))
        self.assertNotIn(think, self.tokenizer.encode("<think>"))

    def test_tokens_in_capitals_are_known_in_small_letters(self):
        self.assertEqual("Ġparcel", in_small_letters("ĠPARCEL"))
        self.assertEqual("mÃ¼ll", in_small_letters("MÃľLL"))
        for other in ("parcel", "Parcel", "ĠP", "Ġ", "!!", "Ã"):
            self.assertEqual("", in_small_letters(other))

    def test_each_byte_has_a_token_and_the_size_divides_by_32(self):
        self.assertEqual(256, len(set(ALPHABET)))
        self.assertEqual(0, Tokenizer([]).size % 32)


if __name__ == "__main__":
    unittest.main()
