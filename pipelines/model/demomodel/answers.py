"""Answers as the engine's decoder writes them: the same bytes, cut into the same tokens.

The decoder tokenizes forced literals and labels on their own, and ends free text with a token that
begins what follows it. Weights say which tokens the model has to choose.
"""

from __future__ import annotations

import json

from .analysis import Analysis, Field
from .tokenizer import Tokenizer


# Labels are few among the tokens of an answer, and what it is asked for. So is whether there is a quote,
# where it begins and where it ends: all the rest of it is to copy.
LABEL = 2.0
WHETHER_A_QUOTE = 3.0
START_OF_QUOTE = 8.0
END_OF_QUOTE = 3.0


class AnswerWriter:
    """Turns the values of one answer into tokens and their weights in the loss."""

    def __init__(self, analysis: Analysis, tokenizer: Tokenizer):
        self._analysis = analysis
        self._layout = analysis.layout
        self._tokenizer = tokenizer
        self._continued = {f.name: _continued(f, tokenizer) for f in analysis.fields}

    def write(self, values: dict, until: str | None = None) -> tuple[list[int], list[float]]:
        """An answer; with `until`, only the part that ends with the value of that field."""
        self._tokens: list[int] = []
        self._weights: list[float] = []
        start, end = self._layout.ends
        self._head = start
        self._chosen = 0.0
        for place, field in enumerate(self._analysis.fields):
            self._head += ("," if place else "") + self._layout.key(field.name)
            self._field(field, values[field.name])
            if field.name == until:
                return self._tokens, self._weights
        self._head += end
        self._literal()
        return self._tokens, self._weights

    def _field(self, field: Field, value: object) -> None:
        if field.many:
            self._items(field, list(value))  # type: ignore[call-overload]
        elif field.nullable:
            self._literal()
            self._chosen = WHETHER_A_QUOTE if field.kind == "quote" else 1.0
            if value is None:
                self._head = self._layout.key_end + "null"
            else:
                self._head = self._layout.key_end + '"'
                self._literal()
                self._value(field, value)
        else:
            self._head += self._layout.key_end + ("" if field.kind == "boolean" else '"')
            self._literal()
            self._value(field, value)

    def _items(self, field: Field, items: list[str]) -> None:
        self._literal()
        self._chosen = 1.0
        if not items:
            self._head = self._layout.key_end + "[]"
            return
        self._head = self._layout.key_end + '["'
        self._literal()
        for place, item in enumerate(items):
            self._value(field, item)
            if place + 1 < len(items):
                self._head = '","'
                self._literal()
        self._head = '"]'

    def _value(self, field: Field, value: object) -> None:
        if field.kind == "boolean":
            self._choose("true" if value else "false", LABEL)
            self._head = ""
            return
        text = str(value)
        if field.kind in ("text", "quote"):
            text = json.dumps(text, ensure_ascii=False)[1:-1]
        elif text not in field.symbols:
            raise ValueError(f"{field.name}: {text} is no label")
        start = len(self._tokens)
        self._choose(text, LABEL if field.kind == "enum" else 1.0)
        if field.kind == "quote" and not field.many:
            self._weights[start] = START_OF_QUOTE
            self._chosen = END_OF_QUOTE
        else:
            ends = field.kind in ("text", "quote") or text in self._continued[field.name]
            self._chosen = 1.0 if ends else 0.0
        self._head = '"'

    def _choose(self, text: str, weight: float = 1.0) -> None:
        tokens = self._tokenizer.encode(text)
        self._tokens += tokens
        self._weights += [weight] * len(tokens)

    def _literal(self) -> None:
        if not self._head:
            return
        tokens = self._tokenizer.encode(self._head)
        if self._chosen:
            first = tokens[0]
            rest = self._head.encode()[len(self._tokenizer.bytes_of(first)) :].decode()
            tokens = [first, *self._tokenizer.encode(rest)]
        self._tokens += tokens
        self._weights += [self._chosen] + [0.0] * (len(tokens) - 1)
        self._head = ""
        self._chosen = 0.0


def _continued(field: Field, tokenizer: Tokenizer) -> set[str]:
    """Labels whose tokens begin another label's."""
    tokens = {symbol: tokenizer.encode(symbol) for symbol in field.symbols}
    return {
        symbol
        for symbol, own in tokens.items()
        if any(other != symbol and t[: len(own)] == own for other, t in tokens.items())
    }
