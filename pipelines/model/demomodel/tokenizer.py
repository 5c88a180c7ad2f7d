"""A byte-level BPE tokenizer that gives the tokens llama.cpp gives for `deepseek-r1-qwen`."""

from __future__ import annotations

import collections
import heapq
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import regex

PRE_TOKENIZER = "deepseek-r1-qwen"
END, USER, ASSISTANT, BEGIN, END_OF_TURN, THINK, END_THINK = SPECIAL = (
    "<｜end▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
    "<｜begin▁of▁sentence｜>",
    "<|EOT|>",
    "<think>",
    "</think>",
)

_PIECES = regex.compile(
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# llama.cpp is given longer texts in parts of so many characters; see LlamaVocabulary.
_CHUNK = 512


def _alphabet() -> list[str]:
    """GPT-2's printable character for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters = {byte: chr(byte) for byte in printable}
    for place, byte in enumerate(b for b in range(256) if b not in characters):
        characters[byte] = chr(256 + place)
    return [characters[byte] for byte in range(256)]


ALPHABET = _alphabet()
_BYTES = {character: byte for byte, character in enumerate(ALPHABET)}


def pieces(text: str) -> list[str]:
    """The parts of a text across which merges never reach."""
    return [piece for chunk in _chunks(text) for piece in _PIECES.findall(chunk)]


def _chunks(text: str) -> Iterable[str]:
    start = 0
    while len(text) - start > _CHUNK:
        cut = start + _CHUNK
        for at in range(cut, start + _CHUNK // 2, -1):
            if text[at] == " " and text[at - 1] > " ":
                cut = at
                break
        yield text[start:cut]
        start = cut
    if start < len(text):
        yield text[start:]


def in_small_letters(token: str) -> str:
    """A token that is written in capitals as it is in small letters; empty if it is in none.

    token: in letters of the alphabet. A single capital begins a name more often than it shouts.
    """
    try:
        text = bytes(_BYTES[character] for character in token).decode()
    except UnicodeDecodeError:
        return ""
    shouted = text.isupper() and sum(map(str.isalpha, text)) > 1
    return _letters(text.lower()) if shouted else ""


class Tokenizer:
    """Merges in the order of their rank."""

    def __init__(self, merges: list[tuple[str, str]]):
        self.merges = merges
        texts = list(dict.fromkeys([*ALPHABET, *(left + right for left, right in merges)]))
        self.texts = [*texts, *SPECIAL]
        self.ordinary = len(texts)
        while len(self.texts) % 32:
            self.texts.append(f"[PAD{len(self.texts)}]")
        self._ids = {text: number for number, text in enumerate(self.texts)}
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._known: dict[str, list[int]] = {}

    @property
    def size(self) -> int:
        return len(self.texts)

    def special(self, text: str) -> int:
        return self._ids[text]

    def bytes_of(self, token: int) -> bytes:
        if token >= self.ordinary:
            return b""
        return bytes(_BYTES[character] for character in self.texts[token])

    def encode(self, text: str, drop: float = 0.0, rng: random.Random | None = None) -> list[int]:
        """The tokens of a text; `drop` is the share of merges left out (BPE dropout)."""
        tokens: list[int] = []
        for piece in pieces(text):
            if drop and rng is not None and rng.random() < 0.5:
                tokens += self._encode_piece(piece, drop, rng)
                continue
            known = self._known.get(piece)
            if known is None:
                known = self._encode_piece(piece, 0.0, None)
                if len(self._known) < 200_000:
                    self._known[piece] = known
            tokens += known
        return tokens

    def decode(self, tokens: Iterable[int]) -> str:
        return b"".join(self.bytes_of(token) for token in tokens).decode("utf-8", "replace")

    def _encode_piece(self, piece: str, drop: float, rng: random.Random | None) -> list[int]:
        return self.parts(_letters(piece), drop, rng)

    def parts(
        self, text: str, drop: float = 0.0, rng: random.Random | None = None
    ) -> list[int]:
        """The tokens of a text in letters of the alphabet, such as the text of a token."""
        parts = list(text)
        ranks = self._ranks
        while len(parts) > 1:
            best, at = None, -1
            for i in range(len(parts) - 1):
                rank = ranks.get((parts[i], parts[i + 1]))
                if rank is None or (rng is not None and rng.random() < drop):
                    continue
                if best is None or rank < best:
                    best, at = rank, i
            if best is None:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return [self._ids[part] for part in parts]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"merges": self.merges}, ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Tokenizer:
        merges = json.loads(path.read_text(encoding="utf-8"))["merges"]
        return Tokenizer([(left, right) for left, right in merges])


def learn(
    texts: Iterable[tuple[str, int]], vocabulary: int, merges: Sequence[tuple[str, str]] = ()
) -> Tokenizer:
    """Learns merges from weighted texts until the vocabulary, special tokens included, is full.

    merges: those that come first, as a tokenizer has them that is to know more tokens.
    """
    counts: collections.Counter[str] = collections.Counter()
    for text, weight in texts:
        for piece in pieces(text):
            counts[piece] += weight
    known = Tokenizer(list(merges))
    words = [[known.texts[token] for token in known.parts(_letters(piece))] for piece in counts]
    weights = list(counts.values())
    pairs: collections.Counter[tuple[str, str]] = collections.Counter()
    places: dict[tuple[str, str], set[int]] = collections.defaultdict(set)
    for number, word in enumerate(words):
        for pair in zip(word, word[1:]):
            pairs[pair] += weights[number]
            places[pair].add(number)
    # Counts may be old: the one at the top is looked up again.
    likely = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(likely)
    merges = list(merges)
    seen = set(known.texts[: known.ordinary])
    while len(seen) + len(SPECIAL) < vocabulary and likely:
        count, pair = heapq.heappop(likely)
        if pairs[pair] != -count:
            if pairs[pair]:
                heapq.heappush(likely, (-pairs[pair], pair))
            continue
        if pairs[pair] < 2:
            break
        merges.append(pair)
        merged = pair[0] + pair[1]
        seen.add(merged)
        changed = set()
        for number in places.pop(pair):
            word, weight = words[number], weights[number]
            for old in zip(word, word[1:]):
                pairs[old] -= weight
            joined: list[str] = []
            for part in word:
                joined.append(part)
                if len(joined) > 1 and (joined[-2], joined[-1]) == pair:
                    joined[-2:] = [merged]
            words[number] = joined
            for new in zip(joined, joined[1:]):
                pairs[new] += weight
                places[new].add(number)
                changed.add(new)
        del pairs[pair]
        for new in changed:
            heapq.heappush(likely, (-pairs[new], new))
    return Tokenizer(merges)


def _letters(piece: str) -> str:
    return "".join(ALPHABET[byte] for byte in piece.encode("utf-8", "replace"))
