"""Specification of a network that becomes larger."""

import unittest

import torch

from demomodel.growth import deepened, grown
from demomodel.network import Network, Shape
from demomodel.tokenizer import learn

TEXT = [("where is my parcel, please? My parcel is late.", 5), ('{"language":"en"}', 5)]


class GrowthTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(1)
        cls.known = learn(TEXT, 270)
        cls.tokenizer = learn(TEXT, 300, cls.known.merges)
        shape = Shape(cls.known.size, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)
        cls.network = Network(shape).eval()
        cls.grown = grown(cls.network, cls.known, cls.tokenizer).eval()

    def embedding(self, network, tokenizer, text: str):
        return network.embedding.weight[tokenizer.texts.index(text)]

    def test_merges_go_on_where_the_known_ones_end(self):
        known = self.known.merges
        self.assertEqual(known, self.tokenizer.merges[: len(known)])
        self.assertGreater(len(self.tokenizer.merges), len(known))
        text = TEXT[0][0]
        self.assertGreater(len(self.known.encode(text)), len(self.tokenizer.encode(text)))

    def test_with_the_tokens_that_it_knew_it_does_what_it_did(self):
        old = self.known.encode("where") + [self.known.special("<think>")]
        new = [self.tokenizer.texts.index(self.known.texts[token]) for token in old]
        with torch.no_grad():
            before, _ = self.network(torch.tensor([old]), 0)
            after, _ = self.grown(torch.tensor([new]), 0)
        self.assertTrue(torch.equal(before, after))

    def test_a_new_token_begins_as_its_parts_together(self):
        text = next(t for t in self.tokenizer.texts if t not in self.known.texts)
        parts = [self.known.texts[token] for token in self.known.parts(text)]
        together = sum(self.embedding(self.network, self.known, part) for part in parts)
        found = self.embedding(self.grown, self.tokenizer, text)
        self.assertGreater(float(torch.cosine_similarity(together, found, 0)), 0.999)

    def test_a_new_token_in_capitals_begins_as_the_one_in_small_letters(self):
        said = [("this is it, is IT this? so It is", 9), ("parcel parcel", 9)]
        known = learn(said, 290)
        self.assertIn("ĠIT", known.texts)
        tokenizer = learn([*said, ("PARCEL PARCEL", 9)], 310, known.merges)
        self.assertNotIn("ĠPARCEL", known.texts)
        self.assertIn("ĠPARCEL", tokenizer.texts)
        network = Network(Shape(known.size, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64))
        larger = grown(network, known, tokenizer)

        def alike(one, other):
            rows = (self.embedding(larger, tokenizer, text) for text in (one, other))
            return float(torch.cosine_similarity(*rows, 0))

        self.assertGreater(alike("ĠPARCEL", "Ġparcel"), 0.3)
        self.assertLess(abs(alike("ĠPARCEL", "Ġthis")), 0.3)
        # What capitals add is the same for all.
        self.assertGreater(alike("ĠPARCEL", "ĠIT"), 0.2)

    def test_with_more_layers_it_does_what_it_did(self):
        deeper = deepened(self.network, 4).eval()
        tokens = torch.tensor([self.known.encode("where is my parcel")])
        with torch.no_grad():
            self.assertTrue(torch.equal(self.network(tokens, 0)[0], deeper(tokens, 0)[0]))
        self.assertEqual(4, deeper.shape.layers)

    def test_what_heads_read_is_what_they_read_before(self):
        shape = Shape(self.known.size, width=32, layers=6, heads=4, kv_heads=2, feed_forward=64)
        network = Network(shape).eval()
        deeper = deepened(network, 8).eval()
        tokens = torch.tensor([self.known.encode("where is my parcel")])
        with torch.no_grad():
            prefixes = [one.read_prefix([1, 2]) for one in (network, deeper)]
            before = network.lower(tokens, 2, prefixes[0], late=True)
            after = deeper.lower(tokens, 2, prefixes[1], late=True)
        for name, height in before._asdict().items():
            self.assertTrue(torch.equal(height, getattr(after, name)), name)

    def test_a_new_layer_learns_from_the_first_step(self):
        deeper = deepened(self.network, 3)
        hidden, _ = deeper(torch.tensor([self.known.encode("my parcel")]), 0)
        hidden.square().sum().backward()
        new = deeper.blocks[1]
        self.assertFalse(new.down.weight.any())
        self.assertTrue(new.down.weight.grad.any())
        self.assertTrue(new.attention.o.weight.grad.any())

    def test_layers_are_never_taken_away(self):
        with self.assertRaisesRegex(ValueError, "of 2 layers cannot have 1"):
            deepened(self.network, 1)


if __name__ == "__main__":
    unittest.main()
