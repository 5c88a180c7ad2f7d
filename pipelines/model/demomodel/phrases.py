"""The phrasings that tickets are made of, one file per language.

A section begins with `@name`. Its lines: `t` a title, `s` a statement, `a` a wish, `x` any other
sentence; `q` marks an issue that is a question, `n` one that asks for nothing. Where the letter is a
capital, the phrasing is never trained on: it is for testing. Where a section has too few to spare
one, all are for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "phrases"


@dataclass
class Section:
    """The phrasings of one section, by kind of line."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    question: bool = False
    nothing_asked: bool = False

    def choices(self, kind: str, held_out: bool) -> list[str]:
        """The phrasings to train with, or those to test with where there are any."""
        spared = self.lines.get(kind.upper(), [])
        return spared if held_out and spared else self.lines.get(kind, [])


class Phrases:
    """The sections of one language."""

    def __init__(self, language: str):
        self.language = language
        self.sections: dict[str, Section] = {}
        section = Section()
        for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                section = self.sections.setdefault(line[1:].strip(), Section())
            elif line.strip() == "q":
                section.question = True
            elif line.strip() == "n":
                section.nothing_asked = True
            elif line.strip():
                section.lines.setdefault(line[0], []).append(line[2:])

    def __contains__(self, name: str) -> bool:
        return name in self.sections

    def get(self, name: str) -> Section:
        return self.sections.get(name, Section())


def languages() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.txt"))
