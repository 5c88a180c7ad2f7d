"""The analyses that the model is trained for, and their examples as rows of tokens."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import datasets, tokenizer as tokens_of
from .analysis import FOLLOWS, Analysis, load
from .answers import AnswerWriter
from .heads import FURTHEST, Line
from .latents import Latents
from .thoughts import Thoughts
from .tickets import TicketMaker
from .tokenizer import Tokenizer

RESOURCES = Path(__file__).resolve().parents[2]
TICKET_TRIAGE = RESOURCES / "src" / "main" / "resources" / "analyses" / "ticket-triage"
BANK_INTENT = RESOURCES / "analyses" / "bank-intent"
BOOKING_SLOTS = RESOURCES / "analyses" / "booking-slots"

TICKETS, BRIEF_TICKETS, LATENTS, LINES = "tickets", "brief tickets", "latents", "lines"
MESSAGES, BOOKINGS = "messages", "bookings"
# What a brief ticket teaches goes so far; the rest of an answer would take most of the time.
LAST_LABEL = "suggestedTeam"
QUOTE = "customerQuote"

# Weight of a token of the reasoning, and the share of it that is cut off, as by a budget.
THOUGHT = 0.5
CUT = 0.15
# Weight of the tokens that the engine writes itself, names and punctuation: enough that the model
# writes the same under a grammar in other programs, too. Three in ten are learned, with ten thirds of
# the weight: most of the work of a token is to weigh it against all others.
WRITTEN = 0.1
LEARNED_WRITTEN = 0.3


@dataclass(frozen=True)
class Sample:
    """A document, how one may think about it, and its answer.

    text_weight: weight of the document's own tokens in the loss. answer_weight: of the answer's.
    until: the last field to be learned; all of them without it. latents: what it was made of, if
    that is to be told. lines: what its lines say, if that is to be told, and quotes
    whether also what quotes of them, and the answer's quote, begin with.
    """

    text: str
    reasoning: Thoughts
    answer: dict
    text_weight: float
    answer_weight: float = 1.0
    until: str | None = None
    latents: Latents = ()
    lines: tuple[tuple[str, Latents], ...] = ()
    quotes: bool = True


@dataclass(frozen=True)
class Row:
    """What a document adds behind the prefix; weights say how much each token is to be learned.

    turn: place of the token that begins the model's turn. answer_quote: the token that the quote of the
    answer begins with, -1 where that is not asked for. lines: what is told of its lines. since: how many
    tokens each of the text lies behind the first of its line, FURTHEST at most; none without lines.
    """

    tokens: list[int]
    weights: list[float]
    turn: int
    answer_quote: int
    latents: Latents
    lines: list[Line]
    since: list[int]


class Task:
    """One analysis with its examples.

    suffix: what stands behind a document; that of the analysis without it. as_array: the same with
    answers as arrays, where that is to be learned, too.
    """

    def __init__(
        self,
        analysis: Analysis,
        tokenizer: Tokenizer,
        sample: Callable[[random.Random], Sample],
        suffix: str | None = None,
        as_array: Task | None = None,
    ):
        self.analysis = analysis
        self.sample = sample
        self.as_array = as_array
        self._tokenizer = tokenizer
        self._writer = AnswerWriter(analysis, tokenizer)
        encode, special = tokenizer.encode, tokenizer.special
        self._opening = [special(tokens_of.BEGIN), special(tokens_of.USER)]
        self._turn = [
            *encode(analysis.layout.suffix if suffix is None else suffix),
            special(tokens_of.ASSISTANT),
            special(tokens_of.THINK),
        ]
        end = special(tokens_of.END_THINK)
        self.no_reasoning = [*encode("\n\n"), end, *encode("\n\n")]
        self._start_of_reasoning = encode("\n")
        self._end_of_reasoning = [end, *encode("\n\n")]

    def prefix(self) -> list[int]:
        """The tokens of the production prompt up to the document."""
        return self._opening + self._tokenizer.encode(self.analysis.prefix())

    def varied_prefix(self, rng: random.Random) -> list[int]:
        """A shorter one: some of the lines, so that the model depends on none of them."""
        kept = rng.choice((0.0, 0.03, 0.06, 0.12, 0.25))
        instructions = self.analysis.instructions.strip().split("\n")
        lines = [line for line in instructions if rng.random() < kept]
        fields = [line for line in self.analysis.guide().split("\n") if rng.random() < kept]
        if rng.random() < 0.3:
            rng.shuffle(lines)
        text = "\n".join(lines)
        if rng.random() < 0.5:
            text += self.analysis.layout.answer + "\n".join(fields)
        if rng.random() < 0.8:
            text += FOLLOWS
        return self._opening + self._tokenizer.encode(text)

    def document(self, text: str) -> list[int]:
        """The tokens from the document to the model's turn."""
        return self._tokenizer.encode(text) + self._turn

    def row(
        self,
        sample: Sample,
        thinking: bool,
        drop: float,
        rng: random.Random,
        answered: bool = True,
    ) -> Row:
        """A document; its answer, too, unless all that is to be learned is what it was made of."""
        text = self._tokenizer.encode(sample.text, drop, rng)
        tokens = text + self._turn
        turn = len(tokens) - 1
        lines, quote = self._lines(sample, text), self._quote(sample)
        since = self._since(sample, text)
        if not answered:
            return Row(tokens, [0.0] * len(tokens), turn, quote, sample.latents, lines, since)
        answer, chosen = self._writer.write(sample.answer, sample.until)
        # Half of the text's tokens is enough to learn the language by, for half of the work.
        weights = [sample.text_weight if rng.random() < 0.5 else 0.0 for _ in text]
        weights += [0.0] * len(self._turn)
        if thinking:
            thoughts, learned = self._thoughts(sample.reasoning)
            closed = THOUGHT
            if rng.random() < CUT:
                # A budget ends it anywhere; the answer has to come from what there is by then.
                thoughts, closed = thoughts[: rng.randint(1, len(thoughts))], 0.0
            tokens += self._start_of_reasoning + thoughts + self._end_of_reasoning
            weights += [0.0] * len(self._start_of_reasoning) + learned[: len(thoughts)]
            weights += [closed] + [0.0] * (len(self._end_of_reasoning) - 1)
        else:
            tokens += self.no_reasoning
            weights += [0.0] * len(self.no_reasoning)
        for weight in chosen:
            if weight < WRITTEN:
                weight = WRITTEN / LEARNED_WRITTEN if rng.random() < LEARNED_WRITTEN else 0.0
            weights.append(weight * sample.answer_weight)
        return Row(tokens + answer, weights, turn, quote, sample.latents, lines, since)

    def _thoughts(self, reasoning: Thoughts) -> tuple[list[int], list[float]]:
        """The tokens of a trace, and their weights: none for what is misread in it."""
        tokens = self._tokenizer.encode(reasoning.text + "\n")
        first, last = (len(reasoning.text[:at].encode()) for at in reasoning.misread)
        ends = self._ends(tokens)
        starts = [0, *ends]
        misread = [start < last and first < end for start, end in zip(starts, ends)]
        return tokens, [0.0 if wrong else THOUGHT for wrong in misread]

    def _quote(self, sample: Sample) -> int:
        quote = sample.answer.get(QUOTE) if sample.quotes else None
        return -1 if quote is None else self._tokenizer.encode(quote)[0]

    def _lines(self, sample: Sample, tokens: list[int]) -> list[Line]:
        if not sample.lines:
            return []
        encode = self._tokenizer.encode
        ends = self._ends(tokens)
        found = []
        for line, said in sample.lines:
            start = sample.text.find(line)
            if start >= 0:
                end = len(sample.text[: start + len(line)].encode())
                issue, wish, *_ = said
                first = encode(line)[0] if sample.quotes and (issue or wish) else -1
                found.append(Line(bisect.bisect_left(ends, end), said, first))
        return found

    def _since(self, sample: Sample, tokens: list[int]) -> list[int]:
        """What stands between lines, such as a signature, is a line here, too."""
        if not sample.lines:
            return []
        begun = {0}
        for line, _ in sample.lines:
            start = sample.text.find(line)
            if start >= 0:
                rest = sample.text[start + len(line) :]
                begun |= {start, len(sample.text) - len(rest.lstrip())}
        ends = self._ends(tokens)
        first = {bisect.bisect_right(ends, len(sample.text[:at].encode())) for at in begun}
        since, found = FURTHEST, []
        for place in range(len(tokens)):
            since = 0 if place in first else min(FURTHEST, since + 1)
            found.append(since)
        return found

    def _ends(self, tokens: list[int]) -> list[int]:
        """How many bytes of a text its tokens reach to."""
        return list(itertools.accumulate(len(self._tokenizer.bytes_of(t)) for t in tokens))


def tasks(tokenizer: Tokenizer, data: datasets.Parted) -> dict[str, Task]:
    """All tasks by name."""
    triage, bank, slots = load(TICKET_TRIAGE), load(BANK_INTENT), load(BOOKING_SLOTS)
    maker = TicketMaker()
    symbols = bank.field("intent").symbols
    near = alike(symbols)

    def ticket(rng: random.Random) -> Sample:
        made = maker.make(rng)
        return Sample(
            made.text, made.reasoning, made.answer, 0.0, latents=made.latents, lines=made.lines
        )

    def brief_ticket(rng: random.Random) -> Sample:
        made = maker.brief(rng)
        return Sample(
            made.text,
            made.reasoning,
            made.answer,
            0.0,
            until=LAST_LABEL,
            latents=made.latents,
            lines=made.lines,
        )

    def line(rng: random.Random) -> Sample:
        made = maker.brief(rng, more=0.4)
        return Sample(
            made.text, Thoughts(""), made.answer, 0.0, latents=made.latents, lines=made.lines, quotes=False
        )

    def told(rng: random.Random) -> Sample:
        return brief_ticket(rng) if rng.random() < 0.2 else ticket(rng)

    def message(rng: random.Random) -> Sample:
        if rng.random() < 0.12:
            # Any label is as good as another: the model learns that it can't tell.
            text = rng.choice(data.outside)
            thought = f"“{text}” None of the intents fits."
            return Sample(text, Thoughts(thought), {"intent": rng.choice(symbols)}, 0.1, 0.7)
        row = rng.choice(data.bank)
        return Sample(row.text, Thoughts(weighed(row, near, rng)), {"intent": row.label}, 0.3)

    names = [field.name for field in slots.fields]
    telling = [row for row in data.slots if any(name in row.slots for name in names)]

    def booking(rng: random.Random) -> Sample:
        return slotted(rng.choice(telling if rng.random() < 0.75 else data.slots), names)

    def laid_out(sample: Callable[[random.Random], Sample]) -> Task:
        array = Task(triage.as_array(), tokenizer, sample)
        return Task(triage, tokenizer, sample, as_array=array)

    return {
        TICKETS: laid_out(ticket),
        BRIEF_TICKETS: laid_out(brief_ticket),
        LATENTS: Task(triage, tokenizer, told),
        # What stands behind a document is as long as a line and makes no difference to the head.
        LINES: Task(triage, tokenizer, line, suffix=""),
        MESSAGES: Task(bank, tokenizer, message),
        BOOKINGS: Task(slots, tokenizer, booking),
    }


@dataclass(frozen=True)
class TaskSource:
    """Makes the tasks; goes to another process more lightly than they do."""

    tokenizer: Path
    data: Path

    def __call__(self) -> dict[str, Task]:
        return tasks(Tokenizer.load(self.tokenizer), datasets.read(self.data))


def alike(symbols: Sequence[str]) -> dict[str, list[str]]:
    """Of each label, those that share words with it, the most like it first."""

    def share(one: str, other: str) -> float:
        words, others = set(one.split("_")), set(other.split("_"))
        return len(words & others) / len(words | others)

    return {
        one: sorted((s for s in symbols if s != one), key=lambda s: (-share(one, s), s))[:6]
        for one in symbols
    }


def weighed(row: datasets.Labelled, near: dict[str, list[str]], rng: random.Random) -> str:
    """The message once more, what it could be about, and what of that it is."""
    intents = [row.label, *rng.sample(near[row.label], 3)]
    rng.shuffle(intents)
    first, second, third, last = (name.replace("_", " ") for name in intents)
    chosen = row.label.replace("_", " ")
    others = [name for name in (first, second, third, last) if name != chosen]
    return (
        f"“{row.text}” It could be {first}, {second}, {third} or {last}."
        f" It is not {others[0]}, {others[1]} or {others[2]}. It is {chosen}."
    )


def slotted(row: datasets.Slotted, names: list[str]) -> Sample:
    answer = {name: row.slots.get(name) for name in names}
    found = [f"{name}: {text}." for name, text in answer.items() if text is not None]
    return Sample(row.text, Thoughts(" ".join(found) or "No facts."), answer, 0.0)
