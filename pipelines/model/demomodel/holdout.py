"""The documents that the model never sees in training, with the answers expected."""

from __future__ import annotations

import json
import random
from pathlib import Path

from . import datasets
from .analysis import load
from .tasks import BOOKING_SLOTS, slotted
from .tickets import MAIN_LANGUAGES, TicketMaker

# Other seeds than any training uses, and phrasings that none of it uses either. Models are chosen by
# the first set, and judged by the second, which is used for no choice.
TICKETS = {"tickets": (600, "held out"), "blind": (1_200, "blind fresh")}
OUT_OF_SCOPE = "out_of_scope"


def write(data: datasets.Parted, folder: Path) -> None:
    """Writes one JSON Lines file for each set, as `kaiseki eval` reads them.

    Each row has an `id`, a `text` and, called like the fields of the analysis, what is true of it.
    `blind` is more tickets. `scope` is `bank` with the messages of `outside` among them, whose intent is `out_of_scope`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in load(BOOKING_SLOTS).fields]
    bank = [(row.text, {"intent": row.label}) for row in data.bank_held_out]
    outside = [(text, {"intent": OUT_OF_SCOPE}) for text in data.outside_held_out]
    sets: dict[str, list[tuple[str, dict]]] = {
        **{name: tickets(count, seed) for name, (count, seed) in TICKETS.items()},
        "bank": bank,
        "outside": outside,
        "scope": bank + outside,
        "slots": [(row.text, slotted(row, names).answer) for row in data.slots_held_out],
    }
    for name, rows in sets.items():
        (folder / f"{name}.jsonl").write_text(lines(name, rows), encoding="utf-8")


def lines(name: str, rows: list[tuple[str, dict]]) -> str:
    """Rows as JSON Lines."""
    return "".join(
        json.dumps({"id": f"{name}-{number}", "text": text, **answer}, ensure_ascii=False) + "\n"
        for number, (text, answer) in enumerate(rows, 1)
    )


def tickets(count: int, seed: str) -> list[tuple[str, dict]]:
    """Tickets in the languages that have phrasings of their own to test with."""
    maker = TicketMaker(held_out=True)
    rng = random.Random(seed)
    made = [maker.make(rng, rng.choice(MAIN_LANGUAGES)) for _ in range(count)]
    return [(ticket.text, ticket.answer) for ticket in made]
