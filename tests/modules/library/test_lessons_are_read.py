"""Lessons become blocks that are safe to show, the same checks in both languages."""

import html

import pytest

from tests.conftest import CONTENT
from trainee.kit import markdown
from trainee.modules.library import readable
from trainee.modules.library.bundle import Bundle, from_folder
from trainee.modules.library.lesson import with_sides
from trainee.modules.library.reading import read_bundle, read_whole


@pytest.fixture
def lesson(sample):
    module, _findings = read_bundle(sample.bundle)
    return module.lessons[0]


def test_blocks_come_in_order_and_are_numbered(lesson):
    kinds = ["prose", "prose", "prose", "prose", "weak", "strong", "check", "try"]
    for lang in ("tr", "en"):
        assert [block.kind for block in lesson.blocks(lang)] == kinds
        assert [block.index for block in lesson.blocks(lang)] == list(range(8))


def test_the_heading_that_repeats_the_title_is_left_to_the_page(lesson):
    assert "<h1>" not in "".join(block.html for block in lesson.blocks("tr") if block.kind == "prose")
    assert lesson.title.tr == "İlk bakış"


def test_a_check_is_one_question_in_two_languages(lesson):
    (question,) = lesson.checks
    assert lesson.check("c1") is question
    assert lesson.check("c9") is None
    assert question.stem.en.startswith("Somebody else's papers")
    assert [option.correct for option in question.options] == [False, True, False]
    assert question.options[1].why.tr == "İki saniye sürer ve herkesi korur."


def test_the_customer_keeps_one_side_of_a_dialogue_whoever_begins(sample):
    module, _findings = read_bundle(sample.bundle)
    weak = next(block for block in module.lessons[1].blocks("tr") if block.kind == "weak")
    assert weak.lines == (("Çalışan", "Sonra bakarız.", "agent"), ("Müşteri", "Peki.", "customer"))


def test_where_nobody_is_called_customer_the_first_to_speak_is():
    assert [side for _who, _words, side in with_sides([("Nermin", "a"), ("Deniz", "b"), ("Nermin", "c")])] == ["customer", "agent", "customer"]


@pytest.mark.parametrize(
    ("written", "absent"),
    [
        ("[tıkla](javascript:alert(1))", "href"),
        ("[tıkla](data:text/html,x)", "href"),
        ("**kalın**\n\n<!-- not -->", "<!--"),
        ("a & b < c", "< c"),
        ("`<script>alert(1)</script>`", "<script"),
    ],
)
def test_nothing_that_runs_comes_out(sample, written, absent):
    module, _findings = read_bundle(sample.but("1-first-look.tr.md", "Müşteri önce **masayı** görür.", written), published=True)
    html = "".join(block.html for block in module.lessons[0].blocks("tr") if block.kind == "prose")
    assert absent not in html


def test_tables_quotes_and_links_come_out(sample):
    words = "> Alıntı\n\n[Kart](https://example.org/x) ve *eğik*.\n"
    module, _findings = read_bundle(sample.but("1-first-look.tr.md", "## Ne görür?", words))
    html = "".join(block.html for block in module.lessons[0].blocks("tr") if block.kind == "prose")
    for piece in ("<blockquote>", '<a href="https://example.org/x" rel="noopener nofollow ugc">', "<em>", "<table>"):
        assert piece in html


def test_a_module_without_files_says_everything_that_is_missing():
    module, findings = read_bundle(Bundle("nothing", {}, "nothing"))
    assert module is None
    assert [str(finding) for finding in findings] == [
        "nothing/1-first-lesson.tr.md:1: The module has no lessons. Write one, in both languages.",
        "nothing/module.yaml:1: The file is missing. Copy one from docs/authoring.md.",
        "nothing/quiz.yaml:1: The file is missing. Copy one from docs/authoring.md.",
    ]


@pytest.mark.parametrize(
    ("rename", "says"),
    [
        ({"1-first-look.en.md": None}, "1-first-look.en.md:1: The lesson is not written in English."),
        ({"1-first-look.tr.md": "3-first-look.tr.md", "1-first-look.en.md": "3-first-look.en.md"}, "none before it with number 1"),
        ({"2-clearing-up.tr.md": "1-clearing-up.tr.md", "2-clearing-up.en.md": "1-clearing-up.en.md"}, "Two lessons have the number 1."),
        ({"2-clearing-up.tr.md": "2-quiz.tr.md", "2-clearing-up.en.md": "2-quiz.en.md"}, "A lesson cannot be called `quiz`."),
        ({"2-clearing-up.tr.md": "2-first-look.tr.md", "2-clearing-up.en.md": "2-first-look.en.md"}, "Two lessons have the key `first-look`."),
        ({"lost-form.roleplay.yaml": "Lost Form.yaml"}, "Lost Form.yaml:1: This file is no part of a module."),
    ],
)
def test_what_is_wrong_with_the_names_of_files_is_told(sample, rename, says):
    files = {rename.get(name, name): data for name, data in sample.bundle.files.items() if rename.get(name, name) is not None}
    module, findings = read_bundle(Bundle("tidy-desk", files, "tidy-desk"))
    assert module is None
    assert any(says in str(finding) for finding in findings)


def test_many_mistakes_in_many_files_are_told_at_once(sample):
    files = dict(sample.bundle.files)
    for name, old, new in (
        ("module.yaml", b"code: M90", b"code: 90"),
        ("quiz.yaml", b"feedback: end", b"feedback: no"),
        ("1-first-look.en.md", b":::try", b":::tri"),
    ):
        files[name] = files[name].replace(old, new)
    _module, findings = read_bundle(Bundle("tidy-desk", files, "tidy-desk"))
    assert {finding.path for finding in findings} == {"tidy-desk/module.yaml", "tidy-desk/quiz.yaml", "tidy-desk/1-first-look.en.md"}


def test_lessons_longer_than_the_module_says_are_a_warning_and_stop_nothing(sample):
    module, findings = read_bundle(sample.but("module.yaml", "minutes: 20", "minutes: 7"))
    assert module is not None
    assert [str(finding) for finding in findings] == [
        "tidy-desk/module.yaml:8: warning: The lessons alone take 10 minutes, the module says 7. "
        "Correct `minutes`; it counts lessons and quiz together."
    ]


def test_a_lesson_that_is_only_looked_at_holds_the_words_of_the_one_that_is_shown():
    """The checker counts and reads the words in bare tags; a reader gets the same ones as HTML."""
    folders = sorted(path for path in (CONTENT / "modules").iterdir() if path.is_dir())
    assert len(folders) > 10
    for folder in folders:
        shown, looked_at = (read_whole(from_folder(folder), published=True, to_show=to_show).module for to_show in (True, False))
        for mine, theirs in zip(shown.lessons, looked_at.lessons, strict=True):
            for lang in ("tr", "en"):
                assert [block.kind for block in mine.blocks(lang)] == [block.kind for block in theirs.blocks(lang)]
                told = [list(map(html.unescape, readable.explained_in(one, lang))) for one in (mine, theirs)]
                assert [words.split() for words in told[0]] == [words.split() for words in told[1]], (mine.key, lang)
                assert readable.bare_words(mine, lang).split() == readable.bare_words(theirs, lang).split()
                assert readable.minutes(mine, lang) == readable.minutes(theirs, lang)


def test_links_a_page_refuses_to_show_are_found_however_they_are_written():
    for text in (
        "[a](javascript:b)",
        "[a]( JavaScript:b)",
        "[a](<javascript:b>)",
        "[a](java\tscript:b)",
        "[a](javascript&colon;b)",
        "![a](data:image/png;base64,x)",
        "<javascript:b>",
        "[a]: vbscript:b",
        '<a href="javascript:b">',
        "[a](file:///etc/hosts)",
    ):
        assert [line for line, _address in markdown.unsafe_links(f"one\n{text}\n")] == [2], text
    for text in ("[a](https://example.org/javascript:b)", "JavaScript: a language", "`javascript:`", "(data: 14 days)", "[a](/learn/data)"):
        assert list(markdown.unsafe_links(text)) == [], text
