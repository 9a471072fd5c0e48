"""Reads the names, teams and texts of the demonstration company from its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import current_app

from trainee import config as configuration
from trainee.kit import yamltree


@dataclass(frozen=True)
class Book:
    """The files as plain values: who there is, what they write, and what the company says of its own service."""

    company: dict[str, Any]
    texts: dict[str, Any]
    service: dict[str, Any]
    listening: dict[str, Any]

    @cached_property
    def comments(self) -> dict[str, list[tuple[str, float]]]:
        """What customers write with good and with bad marks, each with its weight: a theme's share, divided among its texts."""
        found: dict[str, list[tuple[str, float]]] = {"good": [], "bad": []}
        for theme in self.texts["comments"]:
            found[theme["mood"]] += [(words, theme["share"] / len(theme["texts"])) for words in theme["texts"]]
        return found

    def note(self, skill: str, tone: str) -> list[str]:
        """What an observer may write beside a mark of that skill; `tone` is low or high."""
        notes = self.texts["notes"]
        found: list[str] = notes.get(skill, notes["other"])[tone]
        return found


def read_book() -> Book:
    """The files, from the content that this installation uses."""
    folder = configuration.content_dir(current_app.extensions["trainee"]) / "demo"
    return Book(*(_read(folder / f"{name}.yaml") for name in ("company", "texts", "service", "listening")))


def in_english(settings: configuration.Config) -> dict[str, str]:
    """What the Turkish texts say in English, by the text."""
    folder = configuration.content_dir(settings) / "demo"
    both = [pair for name in ("service", "listening") for pair in pairs(_read(folder / f"{name}.yaml"))]
    return {**dict(both), **_read(folder / "english.yaml")}


def pairs(value: Any) -> Iterator[tuple[str, str]]:
    """What stands in both languages already, as pairs of Turkish and English."""
    if isinstance(value, dict) and value.get("tr") and value.get("en"):
        yield value["tr"], value["en"]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from pairs(inner)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yamltree.read(path.read_bytes(), f"demo/{path.name}").value
    return found
