"""Reads the public data sets, and parts them into what is trained on and what is measured on."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

# Banking77's test part is kept aside by its owners; this many of its training messages are ours.
BANK_HELD_OUT = 1000
HELD_OUT_FOLDS = (12, 13, 14)

# Intents of CLINC150 that a bank's labels may well fit; the others are out of a bank's scope.
_BANKING_INTENTS = frozenset(
    """account_blocked application_status apr balance bill_balance bill_due card_declined
    credit_limit credit_limit_change credit_score damaged_card direct_deposit exchange_rate
    expiration_date freeze_account improve_credit_score income insurance insurance_change
    interest_rate international_fees min_payment new_card order_checks pay_bill payday pin_change
    redeem_rewards replacement_card_duration report_fraud report_lost_card rewards_balance routing
    spending_history transactions transfer travel_alert travel_notification rollover_401k taxes
    w2 cancel order order_status""".split()
)


@dataclass(frozen=True)
class Labelled:
    """A message and its intent."""

    text: str
    label: str


@dataclass(frozen=True)
class Slotted:
    """A message and the words of its slots."""

    text: str
    slots: dict[str, str]
    domain: str


@dataclass(frozen=True)
class Parted:
    """The public data, parted."""

    bank: list[Labelled]
    bank_held_out: list[Labelled]
    outside: list[str]
    outside_held_out: list[str]
    slots: list[Slotted]
    slots_held_out: list[Slotted]


def read(folder: Path) -> Parted:
    """Reads all of it. `folder` holds `banking77`, `clinc150` and `nlupp`."""
    with (folder / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [Labelled(r["text"].strip(), symbol(r["category"])) for r in csv.DictReader(file)]
    rows.sort(key=lambda row: _digest(row.text))
    held_out = {row.text for row in rows[:BANK_HELD_OUT]}
    clinc = json.loads((folder / "clinc150" / "train_val.json").read_text(encoding="utf-8"))
    outside = [text for text, label in clinc["train"] if label not in _BANKING_INTENTS]
    outside += [text for text, _ in clinc["oos_train"]]
    training: list[Slotted] = []
    testing: list[Slotted] = []
    for domain in ("hotels", "banking"):
        for fold in range(15):
            path = folder / "nlupp" / domain / f"fold{fold}.json"
            for row in json.loads(path.read_text(encoding="utf-8")):
                slots = {name: slot["text"] for name, slot in row.get("slots", {}).items()}
                message = Slotted(row["text"], slots, domain)
                (testing if fold in HELD_OUT_FOLDS else training).append(message)
    return Parted(
        [row for row in rows if row.text not in held_out],
        rows[:BANK_HELD_OUT],
        outside,
        [text for text, _ in clinc["oos_val"]],
        training,
        testing,
    )


def symbol(category: str) -> str:
    """The label of Banking77 as a symbol of an Avro enum."""
    return category.lower().rstrip("?")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
