"""The table of the curriculum in the docs is the one the content makes."""

from pathlib import Path

from trainee.modules.library.table import document, read_all

ROOT = Path(__file__).resolve().parents[3]


def test_the_table_in_the_docs_is_up_to_date():
    written = (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8")
    assert written == document(read_all(ROOT / "content")), "run: trainee content table content/ > docs/curriculum.md"


def test_the_table_tells_every_module_and_role_play():
    modules = read_all(ROOT / "content")
    told = document(modules)
    for module in modules:
        assert f"| {module.code} | {module.title.en} |" in told
        for story in module.stories:
            assert f"| {module.code} | `{story.id}` |" in told
