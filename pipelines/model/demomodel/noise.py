"""What hurried people do to a text."""

from __future__ import annotations

import random
from collections.abc import Sequence


def typos(text: str, rng: random.Random) -> str:
    """Swaps, drops and doubles some letters outside of place holders; may drop capitals."""
    if rng.random() < 0.4:
        text = _outside(text, str.lower)
    if rng.random() < 0.3:
        text = text.rstrip(".!?")
    out = []
    place_holder = False
    for at, character in enumerate(text):
        place_holder = (place_holder or character == "{") and character != "}"
        chance = rng.random()
        if chance > 0.03 or place_holder or not character.isalpha():
            out.append(character)
        elif chance < 0.01 and out and out[-1].isalpha():
            out.insert(-1, character)
        elif chance < 0.02:
            out.append(character * 2)
        elif at == 0:
            out.append(character)
    # French has a space in front of the marks; without a mark, it would be part of no quote.
    return "".join(out).rstrip()


def reworded(phrase: str, others: Sequence[str], rng: random.Random) -> str:
    """The phrase with words missing, in another order, or with words of `others`, that say the same.

    Whoever sees a phrase many times learns it by heart, and then knows no other. Of a phrase that is
    hardly ever the same, one learns which words tell what it is about. It begins and ends as a phrase
    does, and where two are joined no mark is left in between: else no one could tell where a quote of
    it begins or ends.
    """
    first, *words = phrase.split(" ")
    if len(words) < 2:
        return phrase
    *words, last = words
    chance = rng.random()
    if chance < 0.45:
        missing = rng.uniform(0.1, 0.5)
        words = [word for word in words if rng.random() >= missing]
    elif chance < 0.8:
        _, *more = rng.choice(others).split(" ")
        more = more[rng.randrange(len(more)) :] if more else [last]
        *words, joint = [first, *words[: rng.randint(0, len(words))]]
        first, *words, last = [*words, joint.rstrip(".,;:!?…"), *more]
    else:
        places = [place + rng.uniform(0, 4) for place in range(len(words))]
        words = [word for _, word in sorted(zip(places, words))]
    return " ".join([first, *words, last])


def gibberish(rng: random.Random) -> str:
    """Stray characters."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice("👍🙂😡❤️🎉") * rng.randint(1, 4)
    if kind < 0.5:
        return rng.choice(".?!-*#") * rng.randint(1, 12)
    letters = "asdfjklöqwertzuiop  "
    return "".join(rng.choice(letters) for _ in range(rng.randint(3, 30))).strip() or "x"


def _outside(text: str, change) -> str:
    parts = text.replace("{", "\0{").replace("}", "}\0").split("\0")
    return "".join(part if part.startswith("{") else change(part) for part in parts)
