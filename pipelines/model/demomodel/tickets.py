"""Makes tickets: latent variables first, then a text that shows them and the labels that follow."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import latents, noise, thoughts, values
from .issues import ISSUES, LANGUAGE_NAMES, PRIORITIES, WISHES, Issue
from .latents import Latents
from .phrases import Phrases, languages
from .thoughts import Thoughts

# Rich phrasings exist in these; the others are there so that their language is known.
MAIN_LANGUAGES = ("en", "de", "fr", "es")

# Share of the phrasings that are not trained on as they stand.
REWORDED = 0.15

# Share of the angry tickets that shout, and of the brief ones to train with. Among tickets to test with it
# is as among those of customers; whoever learns to read has to meet more of them.
SHOUTED = 0.3
SHOUTED_TO_LEARN = 0.6
SHOUTED_BRIEF = 0.12

# Share of the brief tickets that tell one thing more, unless asked otherwise.
TOLD = 0.8


@dataclass(frozen=True)
class Ticket:
    """A ticket's text, the reasoning that leads to its labels, the labels, and what made them.

    lines: its parts as they stand in the text, and what each says by itself.
    """

    text: str
    reasoning: Thoughts
    answer: dict
    latents: Latents
    lines: tuple[tuple[str, Latents], ...]


@dataclass(frozen=True)
class Circumstance:
    """What a customer may tell beside the trouble, and what follows from it.

    chance: share of the tickets that tell it. priority: at least this one, as a place in PRIORITIES.
    """

    name: str
    chance: float
    priority: int
    human: bool


CIRCUMSTANCES = (
    Circumstance("deadline", 0.12, 2, False),
    Circumstance("third", 0.1, 2, False),
    Circumstance("dependent", 0.06, 3, True),
    Circumstance("legal", 0.06, 0, True),
    Circumstance("leaving", 0.06, 0, True),
    Circumstance("hardship", 0.05, 0, True),
)


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

    def brief(self, rng: random.Random, more: float = TOLD) -> Ticket:
        """Only the trouble, or with one thing more that changes the answer.

        more: share of those with one. So short, the phrasings of the main languages are met several
        times as often as in whole tickets.
        """
        phrases = self._phrases[rng.choices(MAIN_LANGUAGES, (5, 3, 3, 3))[0]]
        return _Draft(phrases, rng, self._held_out).brief_ticket(more)

    def _meaningless(self, rng: random.Random) -> Ticket:
        """A text without a request: stray characters, or nothing but an attempt to steer."""
        if rng.random() < 0.5:
            language = "other"
            text, circumstances = noise.gibberish(rng), []
            reason = "No language and no request can be made out."
            summary = "A meaningless message without a request."
        else:
            language = rng.choice(MAIN_LANGUAGES)
            lines = self._phrases[language].get("injection").choices("x", self._held_out)
            text = " ".join(rng.sample(lines, min(len(lines), rng.choice((1, 1, 2)))))
            circumstances = ["injection"]
            reason = (
                f"Language: {LANGUAGE_NAMES[language]}. It only tries to steer its own handling."
            )
            summary = "A message that tries to steer its own handling, without a request."
        return Ticket(
            text,
            Thoughts(reason),
            _answer(
                language, None, "other", "low", "neutral", True, "first_line", None, [], summary
            ),
            latents.of(None, None, "", circumstances),
            (),
        )


class _Draft:
    """One ticket in the making."""

    def __init__(self, phrases: Phrases, rng: random.Random, held_out: bool):
        self.phrases, self.rng, self.held_out = phrases, rng, held_out
        language = phrases.language
        names = [name for name in ISSUES if name in phrases]
        self.issue: Issue = ISSUES[rng.choice(names)]
        self.section = phrases.get(self.issue.name)
        called = values.product(self.issue.line, language, rng)
        self.product = values.NOUNS.get(language, {}).get(called, called)
        self.values = {
            "p": called,
            "o": values.order(rng),
            "i": f"INV-{rng.randint(10**5, 10**8 - 1)}",
            "k": values.account(rng),
            "a": values.amount(language, rng),
            "n": str(rng.randint(2, 40)),
            "d": values.day(language, rng),
        }
        self.typos = rng.random() < 0.25
        self.priority = PRIORITIES.index(self.issue.priority)
        self.human = self.issue.human
        self.circumstances: list[str] = []
        self.lines: list[tuple[str, Latents]] = []

    def ticket(self) -> Ticket:
        rng, issue = self.rng, self.issue
        statement = self._statement()
        wish = rng.choice(issue.wishes) if issue.wishes and rng.random() < 0.75 else None
        asked = self._wish(wish) if wish else ""
        if not asked:
            wish = None
        sentiment, tone = self._tone()
        extras = self._circumstances(lambda one: rng.random() < one.chance)
        if tone:
            extras.append(tone)
        if rng.random() < 0.3 and not self.section.question:
            extras.append(self._beside("filler"))
        if rng.random() < 0.25 and issue.category not in ("question", "feedback", "other"):
            extras.append(self._beside("reference"))
        if rng.random() < 0.04:
            steering = self._said(
                self._phrase(self.phrases.get("injection"), "x"), circumstances=["injection"]
            )
            if steering:
                extras.append(steering)
                self.human = True
                self.circumstances.append("injection")
        extras = [extra for extra in extras if extra]
        rng.shuffle(extras)
        cut = rng.randint(0, len(extras))
        # Without a wish, which of two statements says best what is wanted would be anybody's guess.
        more = self._more(statement) if asked else []
        body = [*extras[:cut], statement, *more, *([asked] if asked else []), *extras[cut:]]
        if asked and rng.random() < 0.3:
            body.remove(asked)
            body.insert(rng.randint(0, len(body)), asked)
        often = SHOUTED if self.held_out else SHOUTED_TO_LEARN
        if sentiment == "angry" and rng.random() < often:
            body = [line.upper() for line in body]
            statement, asked = statement.upper(), asked.upper()
            self._shout()
        text = self._layout(body)
        quote = None if self.section.nothing_asked else asked or statement
        labels = self._labels(text, quote, wish, sentiment)
        return self._made(text, labels, wish, sentiment if tone else "")

    def brief_ticket(self, told: float) -> Ticket:
        rng = self.rng
        statement = self._statement()
        sentiment, tone, wish, asked, more = "neutral", "", None, "", []
        # Under TOLD, one thing more is told; which one, the place below it decides.
        chance = rng.random() * TOLD / told
        if chance < 0.25 or self.issue.name in ("praise", "complaint"):
            sentiment, tone = self._tone(unsaid=0.05)
        elif chance < 0.55:
            only = rng.choice(CIRCUMSTANCES)
            more = self._circumstances(lambda one: one is only)
        elif chance < TOLD and self.issue.wishes:
            wish = rng.choice(self.issue.wishes)
            asked = self._wish(wish)
        body = [line for line in (statement, tone, asked, *more) if line]
        rng.shuffle(body)
        text = " ".join(body)
        said = sentiment if tone else ""
        if not self.held_out and sentiment != "positive" and rng.random() < SHOUTED_BRIEF:
            sentiment = "angry"
            text, statement, asked = text.upper(), statement.upper(), asked.upper()
            self._shout()
        quote = None if self.section.nothing_asked else asked or statement
        labels = self._labels(text, quote, wish, sentiment)
        return self._made(text, labels, wish, said)

    def _shout(self) -> None:
        self.values = {key: value.upper() for key, value in self.values.items()}
        self.product = self.product.upper()
        self.lines = [(line.upper(), said) for line, said in self.lines]

    def _made(self, text: str, labels: dict, wish: str | None, tone: str) -> Ticket:
        told = latents.of(self.issue.name, wish, tone, self.circumstances)
        thought = thoughts.of(text, self.lines, labels)
        return Ticket(text, thought, labels, told, tuple(self.lines))

    def _said(
        self,
        line: str,
        issue: str | None = None,
        wish: str | None = None,
        tone: str = "",
        circumstances: Sequence[str] = (),
    ) -> str:
        """The line, of which is kept what it says."""
        if line:
            self.lines.append((line, latents.of(issue, wish, tone, circumstances)))
        return line

    def _statement(self, kind: str = "s") -> str:
        return self._said(self._phrase(self.section, kind), issue=self.issue.name)

    def _wish(self, wish: str) -> str:
        return self._said(self._phrase(self.phrases.get(f"ask.{wish}"), "a"), wish=wish)

    def _beside(self, section: str) -> str:
        """A line that changes no label."""
        return self._said(self._phrase(self.phrases.get(section), "x"))

    def _more(self, statement: str) -> list[str]:
        """Now and then the same trouble in other words, too."""
        if self.section.question or self.rng.random() > 0.3:
            return []
        line = self._statement()
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

    def _circumstances(self, told: Callable[[Circumstance], bool]) -> list[str]:
        """Lines of those that are told: they change the priority or the need of a person."""
        if self.section.question or self.section.nothing_asked or self.issue.name == "idea":
            return []
        found = []
        for one in CIRCUMSTANCES:
            if not told(one):
                continue
            line = self._said(
                self._phrase(self.phrases.get(one.name), "x"), circumstances=[one.name]
            )
            if line:
                found.append(line)
                self.circumstances.append(one.name)
                self.priority = max(self.priority, one.priority)
                self.human = self.human or one.human
        return found

    def _tone(self, unsaid: float = 0.45) -> tuple[str, str]:
        """The sentiment, and the line that says it unless that has the weight to stay unsaid."""
        if self.issue.name == "praise":
            return "positive", ""
        base = "negative" if self.issue.name == "complaint" else "neutral"
        weights = (unsaid, 0.1, 0.23, 0.22)
        tone = self.rng.choices(("", "positive", "negative", "angry"), weights)[0]
        if not tone or (tone == "positive" and base == "negative"):
            return base, ""
        line = self._said(self._phrase(self.phrases.get(f"tone.{tone}"), "x"), tone=tone)
        return (tone, line) if line else (base, "")

    def _phrase(self, section, kind: str) -> str:
        choices = section.choices(kind, self.held_out)
        if not choices:
            return ""
        phrase = self.rng.choice(choices)
        if not self.held_out and self.rng.random() < REWORDED:
            phrase = noise.reworded(phrase, choices, self.rng)
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
            greeting = self._beside("greeting")
            text = greeting + rng.choice(("\n\n", "\n", " ")) + text if greeting else text
        if rng.random() < 0.45:
            closing = self._beside("closing")
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
            older = self._beside("older")
            text += f"\n\n{self._phrase(self.phrases.get('quoted'), 'x')}\n> {older}"
        if rng.random() < 0.6:
            title = self._statement("t")
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
