"""Reads the names, teams and texts of the demonstration company from its files."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import current_app

from trainee import config as configuration
from trainee.kit import yamltree


@dataclass(frozen=True)
class Book:
    """The two files as plain values: who there is, and what they write."""

    company: dict[str, Any]
    texts: dict[str, Any]

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
    """Both files, from the content that this installation uses."""
    folder = configuration.content_dir(current_app.extensions["trainee"]) / "demo"
    return Book(_read(folder / "company.yaml"), _read(folder / "texts.yaml"))


def in_english(settings: configuration.Config) -> dict[str, str]:
    """What the Turkish texts say in English, by the text."""
    return _read(configuration.content_dir(settings) / "demo" / "english.yaml")


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yamltree.read(path.read_bytes(), f"demo/{path.name}").value
    return found
