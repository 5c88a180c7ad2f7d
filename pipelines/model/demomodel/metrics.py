"""Figures from expected and given answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def accuracy(expected: Sequence[object], given: Sequence[object]) -> float:
    return sum(e == g for e, g in zip(expected, given)) / len(expected)


def macro_f1(expected: Sequence[str], given: Sequence[str]) -> float:
    """The mean F1 over the labels that are expected at least once."""
    right = Counter(e for e, g in zip(expected, given) if e == g)
    wanted, chosen = Counter(expected), Counter(given)
    return sum(2 * right[label] / (wanted[label] + chosen[label]) for label in wanted) / len(wanted)


def span_f1(expected: Sequence[dict], given: Sequence[dict]) -> float:
    """Micro F1 of fields that are not null; only the exact words count."""
    right = wanted = chosen = 0
    for e, g in zip(expected, given):
        for name, words in e.items():
            wanted += words is not None
            chosen += g[name] is not None
            right += words is not None and g[name] == words
    return 2 * right / max(1, wanted + chosen)


def area_under_roc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a score of the first kind is above one of the second; equal ones count half."""
    ordered = sorted([(score, 1) for score in inside] + [(score, 0) for score in outside])
    total, at = 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        rank = (at + 1 + end) / 2
        total += rank * sum(kind for _, kind in ordered[at:end])
        at = end
    count = len(inside)
    return (total - count * (count + 1) / 2) / (count * len(outside))


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    error = 0.0
    for number in range(bins):
        held = [
            (confidence, good)
            for confidence, good in zip(confidences, right)
            if min(bins - 1, int(confidence * bins)) == number
        ]
        if held:
            stated = sum(confidence for confidence, _ in held) / len(held)
            true = sum(good for _, good in held) / len(held)
            error += abs(stated - true) * len(held) / len(confidences)
    return error


def report(held_out: Path, answers: Path) -> dict[str, float]:
    """The figures of a model whose answers lie in files of the same names as the sets.

    A line of answers holds `answer` and `confidence`, as the engine gives them.
    """
    figures: dict[str, float] = {}
    if (answers / "tickets.jsonl").exists():
        expected, given, _ = _read(held_out, answers, "tickets")
        for field in (
            "language",
            "category",
            "priority",
            "sentiment",
            "needsHuman",
            "suggestedTeam",
        ):
            pair = [str(e[field]) for e in expected], [str(g[field]) for g in given]
            figures[f"{field} accuracy"] = accuracy(*pair)
            figures[f"{field} macro-F1"] = macro_f1(*pair)
        for field in ("customerQuote", "product", "references", "summary"):
            pair = [e[field] for e in expected], [g[field] for g in given]
            figures[f"{field} exact"] = accuracy(*pair)
    if (answers / "bank.jsonl").exists():
        expected, given, sure = _read(held_out, answers, "bank")
        right = [e["intent"] == g["intent"] for e, g in zip(expected, given)]
        figures["intent accuracy"] = sum(right) / len(right)
        figures["intent calibration error"] = calibration_error(sure, right)
        if (answers / "outside.jsonl").exists():
            _, _, unsure = _read(held_out, answers, "outside")
            figures["out of scope AUROC"] = area_under_roc(sure, unsure)
    if (answers / "slots.jsonl").exists():
        expected, given, _ = _read(held_out, answers, "slots")
        figures["slot F1"] = span_f1(expected, given)
    return figures


def _read(held_out: Path, answers: Path, name: str) -> tuple[list, list, list[float]]:
    expected = [
        {field: value for field, value in row.items() if field not in ("id", "text")}
        for row in _lines(held_out / f"{name}.jsonl")
    ]
    given = _lines(answers / f"{name}.jsonl")
    expected = expected[: len(given)]
    sure = [min(row["confidence"].values(), default=1.0) for row in given]
    return expected, [row["answer"] for row in given], sure


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
