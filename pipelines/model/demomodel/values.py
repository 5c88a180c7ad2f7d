"""What fills the place holders of phrasings: names that nobody bears, numbers, amounts, days."""

from __future__ import annotations

import random

GOODS = (
    "Velm 8", "Nimbra 10", "Wovo Air", "Tindle R2", "Kessa Uno", "Lumbo", "Skarn", "Pikku Sleep",
    "Orbo Mini", "Tavi 300", "Fenno X2", "Brasko 5", "Lirra Pro", "Zemo Plus", "Quill Home",
)  # fmt: skip
ENGLISH_GOODS = (
    "washing machine", "headphones", "vacuum cleaner", "espresso machine", "tablet", "lamp",
    "fridge", "kettle", "phone", "laptop", "toaster", "e-bike", "freezer", "television",
)  # fmt: skip
# How a customer without the product's name calls it: what stands in the sentence, what it is.
NOUNS = {
    "de": {name: name for name in (
        "Waschmaschine", "Kopfhörer", "Staubsauger", "Kaffeemaschine", "Kühlschrank", "Lampe",
        "Wasserkocher", "Fernseher", "Tablet", "Drucker",
    )},
    "fr": {"la " + name: name for name in (
        "machine à laver", "lampe", "tablette", "cafetière", "bouilloire", "télévision",
        "friteuse", "montre",
    )},
    "es": {"la " + name: name for name in (
        "lavadora", "lámpara", "tableta", "cafetera", "nevera", "televisión", "aspiradora",
        "impresora",
    )},
}  # fmt: skip
PLANS = (
    "Orvane Fiber 250", "Orvane Fiber 500", "Hub 4", "Flex S", "Flex L", "Mobile Duo", "Fiber 100",
    "Surf Max", "Home Basic", "Hub 5", "Flex M", "Orvane TV",
)  # fmt: skip
BANKING = (
    "Card Plus", "Saver 12", "Dunholt Go", "Giro Free", "Gold Card", "Saver 24", "Card One",
    "Junior Giro", "Invest Easy", "Travel Card",
)  # fmt: skip
SYLLABLES = "ba ke lo mi ra tu zen vor nix dal pra ste fu gon hil jo wel qua rys tam".split()

_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日",
    "zh": "星期一 星期二 星期三 星期四 星期五",
}


def product(line: str, language: str, rng: random.Random) -> str:
    names = {"shop": GOODS, "network": PLANS, "bank": BANKING}[line]
    chance = rng.random()
    if line == "shop" and language == "en" and chance < 0.4:
        return rng.choice(ENGLISH_GOODS)
    if line == "shop" and language in NOUNS and chance < 0.35:
        return rng.choice(list(NOUNS[language]))
    if chance > 0.8:
        made = "".join(rng.sample(SYLLABLES, rng.choice((2, 2, 3)))).capitalize()
        return made + rng.choice(("", f" {rng.randint(1, 900)}", " Pro", " Plus"))
    return rng.choice(names)


def order(rng: random.Random) -> str:
    return rng.choice(
        (
            f"PM-2026-{rng.randint(10**5, 10**6 - 1)}",
            f"{rng.choice('ARSTX')}-{rng.randint(10**4, 10**5 - 1)}",
            f"MP-{rng.randint(10, 99)}-{rng.randint(10**4, 10**5 - 1)}",
            str(rng.randint(10**7, 10**9)),
        )
    )


def account(rng: random.Random) -> str:
    return rng.choice(
        (
            f"K-{rng.randint(100, 999)}-{rng.randint(100, 999)}",
            f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
            f"RZ-{rng.randint(10**4, 10**5 - 1)}",
        )
    )


def amount(language: str, rng: random.Random) -> str:
    whole, cents = rng.randint(3, 900), rng.randint(0, 99)
    if language == "en":
        return rng.choice((f"{whole}.{cents:02}", f"£{whole}.{cents:02}", f"{whole} pounds"))
    if language in ("ja", "zh", "ko"):
        return f"{whole * 10}" + {"ja": "円", "zh": "元", "ko": "원"}[language]
    return rng.choice(
        (f"{whole},{cents:02} €", f"{whole} Euro", f"{whole},{cents:02}", f"{whole} €")
    )


def day(language: str, rng: random.Random) -> str:
    names = _DAYS.get(language, "").split()
    if names and rng.random() < 0.6:
        return rng.choice(names)
    return f"{rng.randint(1, 28)}.{rng.randint(1, 12)}."
