"""Specification of the figures."""

import unittest

from demomodel import metrics


class MetricsTest(unittest.TestCase):
    def test_macro_f1_counts_each_label_alike(self):
        self.assertEqual(1.0, metrics.macro_f1(["a", "b"], ["a", "b"]))
        # a: one right of three chosen and one expected; b: never chosen.
        self.assertAlmostEqual(0.25, metrics.macro_f1(["a", "b", "b"], ["a", "a", "a"]))

    def test_span_f1_takes_only_the_exact_words(self):
        expected = [{"date": "5 May", "time": None}]
        self.assertEqual(1.0, metrics.span_f1(expected, [{"date": "5 May", "time": None}]))
        self.assertEqual(0.0, metrics.span_f1(expected, [{"date": "May", "time": None}]))
        half = metrics.span_f1(expected, [{"date": "5 May", "time": "noon"}])
        self.assertAlmostEqual(2 / 3, half)

    def test_area_under_roc_is_the_share_of_pairs_in_order(self):
        self.assertEqual(1.0, metrics.area_under_roc([0.9, 0.8], [0.1]))
        self.assertEqual(0.5, metrics.area_under_roc([0.5], [0.5]))
        self.assertEqual(0.0, metrics.area_under_roc([0.1], [0.9, 0.8]))

    def test_calibration_error_is_zero_where_confidence_is_true(self):
        self.assertAlmostEqual(0.0, metrics.calibration_error([0.5, 0.5], [True, False]))
        self.assertAlmostEqual(0.9, metrics.calibration_error([0.9], [False]))


if __name__ == "__main__":
    unittest.main()
