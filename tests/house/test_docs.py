"""What the documents name exists: targets, commands, files, links, packages."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tools import journeys
from trainee.cli import cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def code(document: Path) -> list[str]:
    """Everything that is set as code, line by line, without the comments."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```\w*\n.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line.partition("  #")[0].strip() for piece in (*blocks, *spans) for line in piece.splitlines()]


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the tree with the words that lead to it."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_target_a_document_names_is_in_the_makefile(document):
    named = {word for line in code(document) for word in re.findall(r"(?<![\w./-])make ([a-z]+)", line)}
    assert named <= TARGETS


def test_every_target_says_what_it_does_and_can_be_made():
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE).group(1).split())
    explained = set(re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.MULTILINE))
    assert phony == TARGETS == explained
    tried = subprocess.run(["make", "-n", *sorted(TARGETS)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


def test_the_list_of_targets_is_printed():
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in told.splitlines()} == TARGETS


def test_the_readme_begins_with_the_two_commands():
    named = re.findall(r"^make [a-z]+", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert named[:2] == ["make run", "make test"]


def called(line: str) -> list[str] | None:
    """The words after `trainee` when the line calls it."""
    found = re.search(r"(?:^|[\s/])trainee ([\w.<>/\" -]*)$", line) or re.search(r"(?:^|/)trainee ([a-z].*)$", line)
    return found.group(1).split() if found else None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_a_document_names_exists_with_its_options(document):
    for words in filter(None, map(called, code(document))):
        path = tuple(words[:1])
        if path == ("--help",):
            continue
        assert path in COMMANDS, words
        while (*path, *words[len(path) : len(path) + 1]) in COMMANDS and len(path) < len(words):
            path = tuple(words[: len(path) + 1])
        command = COMMANDS[path]
        if isinstance(command, click.Group):
            assert len(words) == len(path), f"there is no command {' '.join(words)}"
        options = {name for option in command.params for name in option.opts} | {"--help", "-h"}
        assert {word for word in words[len(path) :] if word.startswith("--")} <= options


def test_the_documents_do_name_commands():
    """Should the way they are written change, the test above must not fall silent."""
    assert len([words for document in DOCUMENTS for words in filter(None, map(called, code(document)))]) >= 5


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_and_so_has_every_option(words):
    command = COMMANDS[words]
    assert command.help, words
    assert command.help[0].isupper()
    assert command.help.rstrip().endswith((".", ")"))
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{' '.join(words)} {option.opts[-1]}"
        else:
            assert option.make_metavar(click.Context(command)).strip("[].") in command.help, f"{' '.join(words)} does not say what {option.name} is"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document):
    text = re.sub(r"^```\w*\n.*?^```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://|mailto:", target):
            continue
        file, _hash, anchor = target.partition("#")
        place = document.parent / file if file else document
        assert place.exists(), f"{document.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", place.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-").casefold() for heading in headings}, target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_names_is_there(document):
    named = {word for line in code(document) for word in re.findall(r"^[a-z_]+(?:/[a-z_.-]+)+\.(?:py|js|md|css|json|txt|in|po|html)$", line)}
    missing = {name for name in named if not any((place / name).exists() for place in (ROOT, ROOT / "trainee"))}
    assert missing == set()


def wanted() -> set[str]:
    """The packages that are asked for, without their versions."""
    lines = [line.strip() for file in sorted((ROOT / "requirements").glob("*.in")) for line in file.read_text(encoding="utf-8").splitlines()]
    return {re.match(r"[A-Za-z0-9._-]+", line).group(0) for line in lines if line and not line.startswith(("#", "-"))}


def test_every_package_we_ask_for_is_explained():
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    named = {name.strip().split()[0] for cell in cells for name in cell.split(",") if name.strip()}
    assert wanted() - named == set()


def test_nothing_is_explained_that_is_not_installed():
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")][2:]
    locks = "".join(lock.read_text(encoding="utf-8") for lock in (ROOT / "requirements").glob("*.txt"))
    locked = set(re.findall(r"^([a-z0-9._-]+)(?:\[\w]+\])?==", locks, re.MULTILINE))
    assert {name.strip().split()[0] for cell in rows for name in cell.split(",")} - locked == set()


@pytest.mark.parametrize("asked", sorted(path.name for path in (ROOT / "requirements").glob("*.in")))
def test_every_package_we_ask_for_is_locked_with_its_digest(asked):
    file = ROOT / "requirements" / asked
    lock = file.with_suffix(".txt").read_text(encoding="utf-8")
    locked = {name.replace("_", "-").casefold() for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==", lock, re.MULTILINE)}
    names = {re.match(r"[A-Za-z0-9._-]+", line).group(0) for line in file.read_text(encoding="utf-8").split("\n") if line and line[0] not in "#-"}
    assert names <= locked
    assert lock.count("==") <= lock.count("--hash=sha256:")


def test_the_journeys_tables_say_what_was_counted():
    text = journeys.DOCUMENT.read_text(encoding="utf-8")
    assert journeys.document(text) == text


@pytest.mark.parametrize("venv", ["/somewhere/else/venv", "../venv", ".venv"])
def test_the_environment_may_lie_anywhere(venv):
    told = subprocess.run(
        ["make", "-n", "-B", "VENV=" + venv, "PYTHON=python3", venv + "/.run.ok"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    named = set(re.findall(r'VIRTUAL_ENV="([^"]*)"', told))
    # As it is written and not where a link leads.
    assert named == {os.path.normpath(ROOT / venv)}
