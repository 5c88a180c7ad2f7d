"""Specification of the mean of two networks."""

import unittest
from dataclasses import replace

import torch

from demomodel.averaging import mean
from demomodel.network import Network, Shape

SHAPE = Shape(64, width=32, layers=2, heads=4, kv_heads=2, feed_forward=64)


class AveragingTest(unittest.TestCase):
    def test_each_weight_is_half_way_between_and_the_two_stay_as_they_were(self):
        one, other = Network(SHAPE), Network(SHAPE)
        before = one.embedding.weight.detach().clone()

        between = mean(one, other)

        half = (one.embedding.weight + other.embedding.weight) / 2
        self.assertTrue(torch.allclose(between.embedding.weight, half))
        self.assertTrue(torch.equal(before, one.embedding.weight))

    def test_one_of_the_two_may_have_more_of_it(self):
        one, other = Network(SHAPE), Network(SHAPE)

        between = mean(one, other, 0.8)

        parts = 0.8 * one.embedding.weight + 0.2 * other.embedding.weight
        self.assertTrue(torch.allclose(between.embedding.weight, parts))

    def test_networks_of_two_shapes_have_none(self):
        with self.assertRaises(ValueError):
            mean(Network(SHAPE), Network(replace(SHAPE, layers=4)))


if __name__ == "__main__":
    unittest.main()
