"""Answers documents under the contract, one token at a time, as the engine does it.

It is for measuring while the model is being made; what counts in the end is the engine's answer.
Free text is bounded in tokens rather than characters; in the rest the two agree.
"""

from __future__ import annotations

import json
import random
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
        self._text = json.dumps(text, ensure_ascii=False)[1:-1]
        self._read = self._prefix
        self._pending = self._task.document(text) + self._task.no_reasoning
        self._confidence: dict[str, float] = {}
        answer: dict = {}
        head = "{"
        for place, field in enumerate(self._analysis.fields):
            head += ("," if place else "") + f'"{field.name}'
            answer[field.name], head = self._field(field, head)
        return answer, self._confidence

    def _field(self, field: Field, head: str) -> tuple[object, str]:
        if field.many:
            return self._items(field, head)
        if field.nullable:
            self._write(head)
            if self._pick([self._first('":null'), self._first('":"')]) == 0:
                return None, '":null'
            self._write('":"')
            return self._free(field, ['"']), '"'
        self._write(head + ('":' if field.kind == "boolean" else '":"'))
        if field.kind in ("text", "quote"):
            return self._free(field, ['"']), '"'
        labels = field.symbols or ("true", "false")
        label = self._label(field.name, labels)
        self._write(label)
        return (label == "true", "") if field.kind == "boolean" else (label, '"')

    def _items(self, field: Field, head: str) -> tuple[list[str], str]:
        self._write(head)
        if self._pick([self._first('":[],"'), self._first('":["')]) == 0:
            return [], '":[]'
        self._write('":["')
        items: list[str] = []
        while True:
            items.append(self._free(field, ['","', '"]']))
            if len(items) == field.max_items or self._ending != '","':
                return items, '"]'
            self._write('","')

    def _write(self, text: str) -> None:
        self._pending += self._tokenizer.encode(text)

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

    def _pick(self, tokens: list[int]) -> int:
        return int(self._logits()[tokens].argmax())

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

    def _free(self, field: Field, endings: list[str]) -> str:
        """Writes free text or a quote, up to the token that ends it; that token is not kept."""
        closing = {self._closing(ending): ending for ending in endings}
        written = b""
        for _ in range(MOST_TOKENS):
            logits = self._logits()
            for token in logits.topk(64).indices.tolist():
                if token in closing and written:
                    self._ending = closing[token]
                    return _unescaped(written)
                longer = written + self._tokenizer.bytes_of(token)
                if token < self._tokenizer.ordinary and self._allowed(field, longer):
                    written = longer
                    self._pending = [token]
                    break
            else:
                break
        self._ending = endings[-1]
        return _unescaped(written)

    def _closing(self, ending: str) -> int:
        """The token that ends free text, with what it takes from behind the quotation mark."""
        follows = {'"': '","', '","': '","', '"]': '"],"'}[ending]
        return self._first(follows)

    def _allowed(self, field: Field, written: bytes) -> bool:
        if field.kind == "text":
            return b'"' not in written and b"\\" not in written
        source = self._text.encode()
        at = source.find(written)
        while at >= 0:
            before = source[at - 1 : at]
            if not before or not before.isalnum() or source[at] >= 0x80:
                return not written[:1].isspace()
            at = source.find(written, at + 1)
        return False


def _no_samples(_rng: random.Random) -> Sample:
    raise AssertionError("an answerer makes no samples")


def _unescaped(written: bytes) -> str:
    text = written.decode("utf-8", "ignore")
    try:
        return json.loads(f'"{text}"')
    except json.JSONDecodeError:
        return text
