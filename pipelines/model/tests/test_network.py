"""Specification of the network."""

import unittest

import torch

from demomodel.network import Dropout, Network, Shape, append

SHAPE = Shape(vocabulary=64, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)


class NetworkTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.network = Network(SHAPE).eval()

    @torch.no_grad()
    def test_a_shared_prefix_is_as_good_as_reading_all_at_once(self):
        tokens = torch.randint(0, 64, (1, 20))
        whole, _ = self.network(tokens, 0)
        prefix = self.network.read_prefix(tokens[0, :8].tolist())
        rest, _ = self.network(tokens[:, 8:], 8, prefix)
        self.assertTrue(torch.allclose(whole[:, 8:], rest, atol=1e-4))

    @torch.no_grad()
    def test_documents_behind_a_prefix_do_not_see_each_other(self):
        prefix = self.network.read_prefix([1, 2, 3])
        documents = torch.randint(0, 64, (2, 6))
        together, _ = self.network(documents, 3, prefix)
        alone, _ = self.network(documents[1:], 3, prefix)
        self.assertTrue(torch.allclose(together[1:], alone, atol=1e-4))

    def test_dropout_takes_batches_of_any_size(self):
        dropout = Dropout(0.5)
        dropout.STORE = 8
        for size in (3, 8, 50):
            dropped = dropout(torch.ones(size))
            self.assertLessEqual(set(dropped.tolist()), {0.0, 2.0})

    @torch.no_grad()
    def test_both_parts_make_what_the_whole_makes(self):
        prefix = self.network.read_prefix([1, 2])
        tokens = torch.randint(0, 64, (2, 6))
        whole, _ = self.network(tokens, 2, prefix)
        read = self.network.lower(tokens, 2, prefix, late=True)
        parts = self.network.upper(read.late, 2, prefix)
        self.assertTrue(torch.equal(whole, parts))

    @torch.no_grad()
    def test_what_is_below_learns_through_upper_layers_that_rest(self):
        network = Network(SHAPE)
        for rests in (True, False):
            network.rest_upper(rests)
            network.zero_grad()
            with torch.enable_grad():
                hidden, _ = network(torch.tensor([[1, 2, 3]]), 0)
                hidden.sum().backward()
            lower, upper = network.blocks[0], network.blocks[-1]
            self.assertGreater(float(lower.gate.weight.grad.abs().sum()), 0)
            self.assertEqual(upper.gate.weight.grad is None, rests)

    def test_tokens_can_be_read_one_by_one(self):
        tokens = torch.randint(0, 64, (1, 6))
        whole, _ = self.network(tokens, 2, self.network.read_prefix([1, 2]))
        read = self.network.read_prefix([1, 2])
        for at in range(6):
            one, more = self.network(tokens[:, at : at + 1], 2 + at, read)
            read = append(read, more, 1)
        self.assertTrue(torch.allclose(whole[:, -1], one[:, -1], atol=1e-4))


if __name__ == "__main__":
    unittest.main()
