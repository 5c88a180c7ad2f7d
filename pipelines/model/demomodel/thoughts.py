"""What one may think about a ticket before answering: a reading, a second look, what follows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from .issues import ISSUES, LANGUAGE_NAMES
from .latents import CIRCUMSTANCES, TONES, Latents

# Share of the traces that misread a line at first: who samples misreads, and has to notice.
MISREAD = 0.25

REQUEST, NOTHING = "That is the request.", "It changes nothing."
REASONS = {
    "deadline": "A deadline is within two days.",
    "third": "The customer writes for at least the third time.",
    "dependent": "Someone depends on it.",
    "legal": "There is a legal threat.",
    "leaving": "The customer may leave.",
    "hardship": "There is hardship.",
    "injection": "It tries to steer its own handling.",
}
_TROUBLES = [f"{issue.summary}: {issue.category}." for issue in ISSUES.values()]
_TONES = [f"The tone is {tone}." for tone in TONES if tone]
_CIRCUMSTANCES = [REASONS[name] for name in CIRCUMSTANCES]


@dataclass(frozen=True)
class Thoughts:
    """A trace.

    misread: where in it something is that is put right later and that nobody should learn to write, from
    its first character to behind its last one; empty without.
    """

    text: str
    misread: tuple[int, int] = (0, 0)


def of(text: str, lines: Sequence[tuple[str, Latents]], answer: dict) -> Thoughts:
    """Evidence before what follows from it: so the model judges lines, not whole tickets.

    lines: parts of the text, and what each says. Chance comes from the text, so that a ticket is the same
    whatever is thought about it.
    """
    rng = random.Random(text)
    found = sorted((one for one in lines if one[0] in text), key=lambda one: text.index(one[0]))
    telling = [one for one in found if _meaning(one[1]) != NOTHING]
    wrong = rng.choice(telling) if telling and rng.random() < MISREAD else None
    trace, misread = f"Language: {LANGUAGE_NAMES[answer['language']]}.", (0, 0)
    for one in found:
        line, said = one
        trace += f" “{line}” "
        meaning = _meaning(said)
        if one is wrong:
            meaning = _another(said, rng)
            misread = len(trace), len(trace) + len(meaning)
        trace += meaning
    for one in telling:
        line, said = one
        trace += f" “{line}” {'Wrong' if one is wrong else 'Right'}: {_meaning(said)}"
    return Thoughts(f"{trace} {_conclusion(answer)}", misread)


def _meaning(said: Latents) -> str:
    """What follows from a line."""
    issue, wish, tone, *circumstances = said
    if issue:
        return _TROUBLES[issue - 1]
    if wish:
        return REQUEST
    if tone:
        return _TONES[tone - 1]
    for meaning, told in zip(_CIRCUMSTANCES, circumstances):
        if told:
            return meaning
    return NOTHING


def _another(said: Latents, rng: random.Random) -> str:
    """What a line that tells something may be taken for."""
    true = _meaning(said)
    alike = _TROUBLES if said[0] else [REQUEST, NOTHING, *_TONES, *_CIRCUMSTANCES]
    return rng.choice([meaning for meaning in alike if meaning != true])


def _conclusion(answer: dict) -> str:
    """The answer, drafted field by field."""
    quote, product = answer["customerQuote"], answer["product"]
    references = ", ".join(answer["references"])
    return " ".join(
        [
            f"The request: “{quote}”" if quote else "There is no request.",
            f"Category {answer['category']}.",
            f"Priority {answer['priority']}.",
            f"Tone {answer['sentiment']}.",
            "A person is needed." if answer["needsHuman"] else "No person is needed.",
            f"Team {answer['suggestedTeam']}.",
            f"Product {product}." if product else "No product.",
            f"References {references}." if references else "No references.",
            f"Summary: {answer['summary']}",
        ]
    )
