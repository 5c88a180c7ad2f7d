"""Specification of the loss over the vocabulary."""

import unittest

import torch
from torch.nn import functional as F

from demomodel import expectation


class ExpectationTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.hidden = torch.randn(5, 16, requires_grad=True)
        self.embedding = torch.randn(40, 16, requires_grad=True)
        self.targets = torch.randint(0, 40, (5,))
        self.weights = torch.rand(5)

    def made(self, losses):
        self.hidden.grad = self.embedding.grad = None
        (losses * self.weights).sum().backward()
        return losses.detach(), self.hidden.grad, self.embedding.grad

    def test_it_is_cross_entropy_and_gradients_differ_by_their_rounding(self):
        logits = self.hidden @ self.embedding.t()
        plain = self.made(F.cross_entropy(logits, self.targets, reduction="none"))
        fast = self.made(
            expectation._CrossEntropy.apply(self.hidden, self.embedding, self.targets)
        )
        self.assertTrue(torch.allclose(plain[0], fast[0], atol=1e-5))
        for one, other in zip(plain[1:], fast[1:]):
            self.assertTrue(torch.allclose(one, other, atol=0.02 * float(one.abs().max())))

    def test_what_was_not_expected_at_all_has_a_finite_loss(self):
        hidden = torch.tensor([[100.0]], requires_grad=True)
        embedding = torch.tensor([[100.0], [-100.0]], requires_grad=True)
        loss = expectation._CrossEntropy.apply(hidden, embedding, torch.tensor([1]))
        loss.sum().backward()
        self.assertTrue(torch.isfinite(loss).all())
        self.assertLess(float(embedding.grad[1]), 0)


if __name__ == "__main__":
    unittest.main()
