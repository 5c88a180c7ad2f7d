"""Attention by hand is the attention of the text books, forwards and backwards."""

import unittest
import unittest.mock

import torch

from demomodel import attention

FUSED = tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 3)


class AttentionTest(unittest.TestCase):
    ROWS, HEADS, GROUP, LENGTH, WIDTH, COUNT = 3, 2, 3, 5, 4, 7

    def setUp(self):
        torch.manual_seed(1)

        def drawn(*shape):
            return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

        self.q = drawn(self.ROWS, self.HEADS * self.GROUP, self.LENGTH, self.WIDTH)
        self.own = [drawn(self.ROWS, self.HEADS, self.LENGTH, self.WIDTH) for _ in range(2)]
        self.before = [drawn(self.HEADS, self.COUNT, self.WIDTH) for _ in range(2)]

    def plain(self, q, keys, values, before_keys, before_values):
        wide = (self.ROWS, self.HEADS, self.COUNT, self.WIDTH)
        keys = torch.cat([before_keys.expand(wide), keys], 2)
        values = torch.cat([before_values.expand(wide), values], 2)
        keys, values = (x.repeat_interleave(self.GROUP, 1) for x in (keys, values))
        scores = q @ keys.transpose(-1, -2) / self.WIDTH**0.5
        later = torch.ones(self.LENGTH, self.COUNT + self.LENGTH).triu(self.COUNT + 1).bool()
        scores = scores.masked_fill(later, float("-inf"))
        return scores.softmax(-1) @ values

    def test_output_and_gradients_are_those_of_plain_attention(self):
        inputs = [self.q, *self.own, *self.before]
        weights = torch.randn(self.q.shape, dtype=torch.float64)
        for at_once in (1, 250, 10**6):
            with self.subTest(at_once=at_once), unittest.mock.patch.object(
                attention, "_AT_ONCE", at_once
            ):
                found = attention.attend(self.q, *self.own, tuple(self.before))
                expected = self.plain(*inputs)
                torch.testing.assert_close(found, expected)
                for ours, theirs in zip(
                    torch.autograd.grad((found * weights).sum(), inputs),
                    torch.autograd.grad((expected * weights).sum(), inputs),
                ):
                    torch.testing.assert_close(ours, theirs)

    def test_a_row_without_a_prefix_attends_to_itself_only(self):
        found = attention.attend(self.q, *self.own, None)
        self.COUNT = 0
        nothing = self.before[0][:, :0]
        torch.testing.assert_close(found, self.plain(self.q, *self.own, nothing, nothing))

    @unittest.skipUnless(FUSED, "it takes PyTorch 2.3 or newer")
    def test_the_fused_one_gives_the_same(self):
        device = "cuda" if torch.cuda.is_available() else "cpu"
        q, *own = (x.float().to(device) for x in (self.q, *self.own))
        before = tuple(x.float().to(device) for x in self.before)
        for prefix in (before, None):
            found = attention.fused(q, *own, prefix).double().cpu()
            expected = attention.attend(self.q, *self.own, prefix and tuple(self.before))
            torch.testing.assert_close(found, expected, atol=0.05, rtol=0.05)


if __name__ == "__main__":
    unittest.main()
