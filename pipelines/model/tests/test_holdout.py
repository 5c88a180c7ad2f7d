"""Specification of the documents that models are chosen and judged by."""

import unittest

from demomodel.holdout import TICKETS, tickets


class HoldoutTest(unittest.TestCase):
    def test_a_seed_always_makes_the_same_tickets(self):
        self.assertEqual(tickets(20, "some"), tickets(20, "some"))
        self.assertNotEqual(tickets(20, "some"), tickets(20, "other"))

    def test_models_are_judged_by_other_tickets_than_they_are_chosen_by(self):
        chosen, judged = ({text for text, _ in tickets(200, seed)} for _, seed in TICKETS.values())
        self.assertFalse(chosen & judged)


if __name__ == "__main__":
    unittest.main()
