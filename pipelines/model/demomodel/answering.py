"""Answers documents under the contract, one token at a time, as the engine does it.

It is for measuring while the model is being made; what counts in the end is the engine's answer.
Bounds of free text are in bytes rather than characters; in the rest the two agree.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import torch

from .analysis import Analysis, Field, load
from .network import Network, append
from .tasks import BANK_INTENT, BOOKING_SLOTS, TICKET_TRIAGE, Sample, Task
from .tokenizer import Tokenizer

MOST_TOKENS = 80
SETS = {
    "tickets": TICKET_TRIAGE,
    "bank": BANK_INTENT,
    "outside": BANK_INTENT,
    "slots": BOOKING_SLOTS,
}


def answer_all(network: Network, tokenizer: Tokenizer, work: Path, limit: int) -> None:
    """Answers the held-out sets; writes what `metrics.report` reads."""
    (work / "answers").mkdir(exist_ok=True)
    for name, folder in SETS.items():
        answerer = Answerer(network, tokenizer, load(folder))
        rows = (work / "held-out" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        with (work / "answers" / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for row in rows[:limit]:
                answer, confidence = answerer.answer(json.loads(row)["text"])
                line = {"answer": answer, "confidence": confidence}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


class Answerer:
    """Answers for one analysis; the prefix is read once."""

    def __init__(self, network: Network, tokenizer: Tokenizer, analysis: Analysis):
        self._network = network
        self._tokenizer = tokenizer
        self._analysis = analysis
        self._task = Task(analysis, tokenizer, sample=_no_samples)
        with torch.no_grad():
            self._prefix = network.read_prefix(self._task.prefix())

    @torch.no_grad()
    def answer(self, text: str) -> tuple[dict, dict[str, float]]:
        self._text, self._starts, self._ends = _source(text)
        self._read = self._prefix
        self._pending = self._task.document(text) + self._task.no_reasoning
        self._confidence: dict[str, float] = {}
        self._taken = 0
        answer: dict = {}
        head = "{"
        fields = self._analysis.fields
        for place, field in enumerate(fields):
            head += ("," if place else "") + f'"{field.name}'
            # What stands behind the value, up to where the next decision may begin.
            after = f',"{fields[place + 1].name}' if place + 1 < len(fields) else "}"
            answer[field.name], head = self._field(field, head, after)
        return answer, self._confidence

    def _field(self, field: Field, head: str, after: str) -> tuple[object, str]:
        if field.many:
            return self._items(field, head, after)
        if field.nullable:
            self._write(head)
            if self._pick(['":null' + after, '":"']) == 0:
                return None, '":null'
            self._write('":"')
            return self._free(field, ['"' + after])[0], '"'
        self._write(head + ('":' if field.kind == "boolean" else '":"'))
        if field.kind in ("text", "quote"):
            return self._free(field, ['"' + after])[0], '"'
        labels = field.symbols or ("true", "false")
        label = self._label(field.name, labels)
        self._write(label)
        return (label == "true", "") if field.kind == "boolean" else (label, '"')

    def _items(self, field: Field, head: str, after: str) -> tuple[list[str], str]:
        self._write(head)
        if self._pick(['":[]' + after, '":["']) == 0:
            return [], '":[]'
        self._write('":["')
        items: list[str] = []
        while True:
            item, ending = self._free(field, ['"]' + after, '","'])
            items.append(item)
            if len(items) == field.max_items or ending == 0:
                return items, '"]'
            self._write('","')

    def _write(self, text: str) -> None:
        """Writes forced text, less what the token that ended a value has taken of it."""
        self._pending += self._tokenizer.encode(text[self._taken :])
        self._taken = 0

    def _first(self, text: str) -> int:
        return self._tokenizer.encode(text)[0]

    def _logits(self) -> torch.Tensor:
        """What the model expects after all that is written."""
        start = self._read[0][0].shape[1]
        hidden, read = self._network(torch.tensor([self._pending]), start, self._read)
        self._read = append(self._read, read, len(self._pending))
        self._pending = []
        self._last = self._network.logits(hidden[0, -1])
        return self._last

    def _pick(self, texts: list[str]) -> int:
        """Which of two texts begins with the likelier token."""
        return int(self._logits()[[self._first(text) for text in texts]].argmax())

    def _label(self, name: str, labels: tuple[str, ...]) -> str:
        """The likeliest label; where labels part, the open ways share the mass."""
        first = self._logits()
        end = self._first('"')
        rows = [[*self._tokenizer.encode(label), end] for label in labels]
        longest = max(map(len, rows))
        tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        start = self._read[0][0].shape[1]
        hidden, _ = self._network(tokens, start, self._read)
        after = self._network.logits(hidden)
        scores = []
        for place, row in enumerate(rows):
            score = 0.0
            for at, token in enumerate(row):
                open_ways = sorted({other[at] for other in rows if other[:at] == row[:at]})
                logits = first if at == 0 else after[place, at - 1]
                score += float(logits[open_ways].log_softmax(-1)[open_ways.index(token)])
            scores.append(score)
        shares = torch.tensor(scores).exp()
        best = int(shares.argmax())
        self._confidence[name] = float(shares[best])
        return labels[best]

    def _free(self, field: Field, endings: list[str]) -> tuple[str, int]:
        """Writes free text or a quote; also says which of the endings follows it."""
        closing = {}
        for token in range(self._tokenizer.ordinary):
            piece = self._tokenizer.bytes_of(token)
            for place, ending in enumerate(endings):
                if piece.startswith(b'"') and ending.encode().startswith(piece):
                    closing.setdefault(token, (place, len(piece)))
        written = b""
        for _ in range(MOST_TOKENS):
            for token in self._logits().argsort(descending=True).tolist():
                longer = written + self._tokenizer.bytes_of(token)
                if token in closing and _whole(written) and self._may_end(field, written):
                    place, self._taken = closing[token]
                    self._pending = [token]
                    return json.loads(b'"' + written + b'"'), place
                if token < self._tokenizer.ordinary and self._allowed(field, longer):
                    written = longer
                    self._pending = [token]
                    break
            else:
                break
        return json.loads('"' + written.decode("utf-8", "ignore") + '"'), 0

    def _allowed(self, field: Field, written: bytes) -> bool:
        if field.kind == "text":
            plain = not any(byte < 0x20 or byte in b'"\\' for byte in written)
            return plain and len(written) <= field.max_length
        return any(True for _ in self._places(written)) and len(written) <= field.max_length

    def _may_end(self, field: Field, written: bytes) -> bool:
        if field.kind == "text" or len(written) >= field.max_length:
            return True
        ends = self._ends if len(written) >= field.min_length else {len(self._text)}
        return any(place + len(written) in ends for place in self._places(written))

    def _places(self, written: bytes) -> Iterator[int]:
        return (place for place in self._starts if self._text.startswith(written, place))


def _source(text: str) -> tuple[bytes, list[int], set[int]]:
    """The document as it stands in JSON, where its words start, and where they end."""
    out, starts, ends, before = b"", [], set(), " "
    for character in text:
        spaced = ord(character) < 0x2E80
        parted = not (_in_word(before) and spaced)
        if not character.isspace() and parted:
            starts.append(len(out))
        if not before.isspace() and (parted or not _in_word(character)):
            ends.add(len(out))
        out += json.dumps(character, ensure_ascii=False)[1:-1].encode()
        before = character
    return out, starts, ends | {len(out)}


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _whole(written: bytes) -> bool:
    """Whether there is text, and its last character is complete."""
    try:
        return bool(written.decode("utf-8")) and not written.endswith(b"\\")
    except UnicodeDecodeError:
        return False


def _no_samples(_rng: random.Random) -> Sample:
    raise AssertionError("an answerer makes no samples")
