"""The texts that the tokenizer learns from, each with a weight."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from . import datasets
from .analysis import OBJECT, load
from .tasks import BANK_INTENT, BOOKING_SLOTS, TICKET_TRIAGE
from .tickets import TicketMaker

TICKETS = 12_000
SHOUTED = 3


def texts(data: datasets.Parted, seed: int) -> Iterator[tuple[str, int]]:
    for row in data.bank:
        yield row.text, 2
    for text in data.outside:
        yield text, 1
    for message in data.slots:
        yield message.text, 2
        yield from ((text, 4) for text in message.slots.values())
    for folder in (TICKET_TRIAGE, BANK_INTENT, BOOKING_SLOTS):
        analysis = load(folder)
        yield analysis.prefix(), 60
        for field in analysis.fields:
            yield from ((label, 200) for label in field.symbols)
            for form in ('","{}":"', '","{}":', ',"{}":', '":null,"{}', '"],"{}":"'):
                yield form.format(field.name), 800
    yield OBJECT.suffix, 500
    maker = TicketMaker()
    rng = random.Random(seed)
    for _ in range(TICKETS):
        ticket = maker.make(rng)
        yield ticket.text, 1
        # Few shout, but who does shall not fall into letters.
        yield ticket.text.upper(), SHOUTED
        yield ticket.reasoning.text, 1
        yield json.dumps(ticket.answer, ensure_ascii=False, separators=(",", ":")), 1
