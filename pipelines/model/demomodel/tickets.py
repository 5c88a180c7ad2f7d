"""Makes tickets: latent variables first, then a text that shows them and the labels that follow."""

from __future__ import annotations

import random
from dataclasses import dataclass

from . import noise
from .issues import ISSUES, LANGUAGE_NAMES, PRIORITIES, WISHES, Issue
from .phrases import Phrases, languages

# Rich phrasings exist in these; the others are there so that their language is known.
MAIN_LANGUAGES = ("en", "de", "fr", "es")

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


@dataclass(frozen=True)
class Ticket:
    """A ticket's text, the reasoning that leads to its labels, and the labels."""

    text: str
    reasoning: str
    answer: dict


class TicketMaker:
    """Makes tickets from phrasings to train with, or from those that are held out."""

    def __init__(self, held_out: bool = False):
        self._held_out = held_out
        self._phrases = {language: Phrases(language) for language in languages()}

    def make(self, rng: random.Random, language: str | None = None) -> Ticket:
        if language is None:
            main = rng.random() < 0.8
            others = [name for name in self._phrases if name not in MAIN_LANGUAGES]
            language = rng.choices(MAIN_LANGUAGES, (5, 3, 3, 3))[0] if main else rng.choice(others)
        if rng.random() < 0.03:
            return self._meaningless(rng)
        return _Draft(self._phrases[language], rng, self._held_out).ticket()

    def _meaningless(self, rng: random.Random) -> Ticket:
        """A text without a request: stray characters, or nothing but an attempt to steer."""
        if rng.random() < 0.5:
            language = "other"
            text = noise.gibberish(rng)
            reason = "No language and no request can be made out."
            summary = "A meaningless message without a request."
        else:
            language = rng.choice(MAIN_LANGUAGES)
            lines = self._phrases[language].get("injection").choices("x", self._held_out)
            text = " ".join(rng.sample(lines, min(len(lines), rng.choice((1, 1, 2)))))
            reason = (
                f"Language: {LANGUAGE_NAMES[language]}. It only tries to steer its own handling."
            )
            summary = "A message that tries to steer its own handling, without a request."
        return Ticket(
            text,
            reason,
            _answer(
                language, None, "other", "low", "neutral", True, "first_line", None, [], summary
            ),
        )


class _Draft:
    """One ticket in the making."""

    def __init__(self, phrases: Phrases, rng: random.Random, held_out: bool):
        self.phrases, self.rng, self.held_out = phrases, rng, held_out
        language = phrases.language
        names = [name for name in ISSUES if name in phrases]
        self.issue: Issue = ISSUES[rng.choice(names)]
        self.section = phrases.get(self.issue.name)
        called = _product(self.issue.line, language, rng)
        self.product = NOUNS.get(language, {}).get(called, called)
        self.values = {
            "p": called,
            "o": _order(rng),
            "i": f"INV-{rng.randint(10**5, 10**8 - 1)}",
            "k": _account(rng),
            "a": _amount(language, rng),
            "n": str(rng.randint(2, 40)),
            "d": _day(language, rng),
        }
        self.typos = rng.random() < 0.25
        self.priority = PRIORITIES.index(self.issue.priority)
        self.human = self.issue.human
        # What changes the labels: the line of the ticket that says so, and what follows from it.
        self.reasons: list[tuple[str, str]] = []

    def ticket(self) -> Ticket:
        rng, issue = self.rng, self.issue
        statement = self._phrase(self.section, "s")
        wish = rng.choice(issue.wishes) if issue.wishes and rng.random() < 0.75 else None
        asked = self._phrase(self.phrases.get(f"ask.{wish}"), "a") if wish else ""
        if not asked:
            wish = None
        sentiment, tone = self._tone()
        extras = self._modifiers()
        if tone:
            extras.append(tone)
        if rng.random() < 0.3 and not self.section.question:
            extras.append(self._phrase(self.phrases.get("filler"), "x"))
        if rng.random() < 0.25 and issue.category not in ("question", "feedback", "other"):
            extras.append(self._phrase(self.phrases.get("reference"), "x"))
        if rng.random() < 0.04:
            steering = self._phrase(self.phrases.get("injection"), "x")
            if steering:
                extras.append(steering)
                self.human = True
                self.reasons.append((steering, "It tries to steer its own handling."))
        extras = [extra for extra in extras if extra]
        rng.shuffle(extras)
        cut = rng.randint(0, len(extras))
        more = self._more(statement)
        body = [*extras[:cut], statement, *more, *([asked] if asked else []), *extras[cut:]]
        if asked and rng.random() < 0.3:
            body.remove(asked)
            body.insert(rng.randint(0, len(body)), asked)
        if sentiment == "angry" and rng.random() < 0.3:
            body = [line.upper() for line in body]
            statement, asked, tone = statement.upper(), asked.upper(), tone.upper()
            self.reasons = [(line.upper(), reason) for line, reason in self.reasons]
            self.values = {key: value.upper() for key, value in self.values.items()}
            self.product = self.product.upper()
        text = self._layout(body)
        quote = None if self.section.nothing_asked else asked or statement
        reasoning = self._reasoning(statement, asked, sentiment, tone)
        return Ticket(text, reasoning, self._labels(text, quote, wish, sentiment))

    def _more(self, statement: str) -> list[str]:
        """Now and then the same trouble in other words, too."""
        if self.section.question or self.rng.random() > 0.3:
            return []
        line = self._phrase(self.section, "s")
        return [line] if line and line != statement else []

    def _labels(self, text: str, quote: str | None, wish: str | None, sentiment: str) -> dict:
        issue = self.issue
        summary = f"{issue.summary}; the customer {WISHES[wish]}." if wish else f"{issue.summary}."
        product = self.product
        known = [self.values[key] for key in "oik" if self.values[key] in text]
        references = sorted(known, key=text.index)
        if quote is not None and (len(quote) > 160 or quote not in text):
            quote = None
        return _answer(
            self.phrases.language,
            quote,
            issue.category,
            PRIORITIES[self.priority],
            sentiment,
            self.human,
            issue.team,
            product if product in text else None,
            references[:4],
            summary,
        )

    def _modifiers(self) -> list[str]:
        """Circumstances that change priority or the need of a person."""
        if self.section.question or self.section.nothing_asked or self.issue.name == "idea":
            return []
        found = []
        for name, chance, priority, human, reason in (
            ("deadline", 0.12, 2, False, "A deadline is within two days."),
            ("third", 0.1, 2, False, "The customer writes for at least the third time."),
            ("dependent", 0.06, 3, True, "Someone depends on it."),
            ("legal", 0.06, 0, True, "There is a legal threat."),
            ("leaving", 0.06, 0, True, "The customer may leave."),
            ("hardship", 0.05, 0, True, "There is hardship."),
        ):
            line = self._phrase(self.phrases.get(name), "x") if self.rng.random() < chance else ""
            if line:
                found.append(line)
                self.priority = max(self.priority, priority)
                self.human = self.human or human
                self.reasons.append((line, reason))
        return found

    def _tone(self) -> tuple[str, str]:
        if self.issue.name == "praise":
            return "positive", ""
        base = "negative" if self.issue.name == "complaint" else "neutral"
        tone = self.rng.choices(("", "positive", "negative", "angry"), (0.45, 0.1, 0.23, 0.22))[0]
        if not tone or (tone == "positive" and base == "negative"):
            return base, ""
        line = self._phrase(self.phrases.get(f"tone.{tone}"), "x")
        return (tone, line) if line else (base, "")

    def _reasoning(self, statement: str, asked: str, sentiment: str, tone: str) -> str:
        """Evidence before what follows from it: so the model judges lines, not whole tickets."""
        return " ".join(
            [
                f"Language: {LANGUAGE_NAMES[self.phrases.language]}.",
                f"“{statement}” {self.issue.summary}: {self.issue.category}.",
                *([f"“{asked}” That is the request."] if asked else []),
                *(f"“{line}” {reason}" for line, reason in self.reasons),
                f"Priority {PRIORITIES[self.priority]}.",
                *([f"“{tone}”"] if tone else []),
                f"Tone {sentiment}.",
            ]
        )

    def _phrase(self, section, kind: str) -> str:
        choices = section.choices(kind, self.held_out)
        if not choices:
            return ""
        phrase = self.rng.choice(choices)
        if self.typos:
            phrase = noise.typos(phrase, self.rng)
        for key, value in self.values.items():
            if phrase.startswith("{" + key + "}") and not self.typos:
                value = value[:1].upper() + value[1:]
            phrase = phrase.replace("{" + key + "}", value)
        return phrase

    def _layout(self, body: list[str]) -> str:
        rng = self.rng
        joint = " " if rng.random() < 0.8 else "\n"
        text = joint.join(body)
        if rng.random() < 0.5:
            greeting = self._phrase(self.phrases.get("greeting"), "x")
            text = greeting + rng.choice(("\n\n", "\n", " ")) + text if greeting else text
        if rng.random() < 0.45:
            closing = self._phrase(self.phrases.get("closing"), "x")
            text += rng.choice(("\n\n", "\n", " ")) + closing if closing else ""
            if rng.random() < 0.5:
                text += (
                    "\n"
                    + rng.choice("ABCDEFGHJKLMNPRST")
                    + ". "
                    + rng.choice("BDFGHKLMPRSTW")
                    + "."
                )
        if rng.random() < 0.08 and "quoted" in self.phrases:
            older = self._phrase(self.phrases.get("older"), "x")
            text += f"\n\n{self._phrase(self.phrases.get('quoted'), 'x')}\n> {older}"
        if rng.random() < 0.6:
            title = self._phrase(self.section, "t")
            if title:
                text = f"{title}\n\n{text}"
        return text


def _answer(
    language: str,
    quote: str | None,
    category: str,
    priority: str,
    sentiment: str,
    human: bool,
    team: str,
    product: str | None,
    references: list[str],
    summary: str,
) -> dict:
    return {
        "language": language,
        "customerQuote": quote,
        "category": category,
        "priority": priority,
        "sentiment": sentiment,
        "needsHuman": human,
        "suggestedTeam": team,
        "product": product,
        "references": references,
        "summary": summary,
    }


def _product(line: str, language: str, rng: random.Random) -> str:
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


def _order(rng: random.Random) -> str:
    return rng.choice(
        (
            f"PM-2026-{rng.randint(10**5, 10**6 - 1)}",
            f"{rng.choice('ARSTX')}-{rng.randint(10**4, 10**5 - 1)}",
            f"MP-{rng.randint(10, 99)}-{rng.randint(10**4, 10**5 - 1)}",
            str(rng.randint(10**7, 10**9)),
        )
    )


def _account(rng: random.Random) -> str:
    return rng.choice(
        (
            f"K-{rng.randint(100, 999)}-{rng.randint(100, 999)}",
            f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
            f"RZ-{rng.randint(10**4, 10**5 - 1)}",
        )
    )


def _amount(language: str, rng: random.Random) -> str:
    whole, cents = rng.randint(3, 900), rng.randint(0, 99)
    if language == "en":
        return rng.choice((f"{whole}.{cents:02}", f"£{whole}.{cents:02}", f"{whole} pounds"))
    if language in ("ja", "zh", "ko"):
        return f"{whole * 10}" + {"ja": "円", "zh": "元", "ko": "원"}[language]
    return rng.choice(
        (f"{whole},{cents:02} €", f"{whole} Euro", f"{whole},{cents:02}", f"{whole} €")
    )


def _day(language: str, rng: random.Random) -> str:
    names = _DAYS.get(language, "").split()
    if names and rng.random() < 0.6:
        return rng.choice(names)
    return f"{rng.randint(1, 28)}.{rng.randint(1, 12)}."
