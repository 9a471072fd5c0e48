"""Words of the glossary are marked once in a lesson, where they are read, and nowhere else."""

import re

from trainee.kit.words import Text
from trainee.modules.lessons.glossary import marked
from trainee.modules.library.beside import Forms, Term
from trainee.modules.library.content import Dialogue, Prose

NPS = Term(key="nps", name=Text("NPS", "NPS"), forms=Forms(tr=("NPS",), en=("NPS",)), meaning=Text("Bir <sayı>.", "A number."))
REMEDY = Term(key="remedy", name=Text("telafi", "remedy"), forms=Forms(tr=("telafi",), en=("remedy",)), meaning=Text("Karşılık.", "What makes good."))


def shown(html: str, lang: str = "tr") -> str:
    return "".join(block.html for block in marked([Prose(0, html)], [NPS, REMEDY], lang) if isinstance(block, Prose))


def test_a_word_is_marked_the_first_time_with_its_meaning_escaped():
    html = shown("<p>NPS'yi hesaplayın. NPS budur.</p>")
    assert html.count("<dfn") == 1
    assert html.startswith('<p><dfn class="term" tabindex="0" aria-describedby="term-nps">NPS<span')
    assert "Bir &lt;sayı&gt;." in html
    assert "</dfn>'yi hesaplayın. NPS budur.</p>" in html


def test_headings_links_cards_and_parts_of_words_are_left_alone():
    for html in ("<h2>NPS</h2>", '<p><a href="/learn/NPS">NPS</a></p>', "<p>{{card:remedy}}</p>", "<p>xNPS</p>", '<p title="NPS">x</p>'):
        assert shown(html, "en") == html


def test_dialogues_are_left_alone_and_each_word_is_marked_once_in_the_whole_lesson():
    talk = Dialogue(1, "weak", (("Müşteri", "NPS nedir?", "customer"),))
    first, same, second = marked([Prose(0, "<p>NPS</p>"), talk, Prose(2, "<p>NPS ve telafi</p>")], [NPS, REMEDY], "tr")
    assert same is talk
    assert "term-nps" in first.html
    assert re.findall("term-[a-z]+", second.html) == ["term-remedy", "term-box", "term-remedy"]


def test_a_lesson_we_ship_opens_a_meaning_without_script(as_, cast):
    page = as_(cast.beth).get("/learn/listening/how-nps-is-calculated")
    pages = page.text if page.status_code == 200 else ""
    if not pages:
        html = as_(cast.beth).get("/learn/listening").text
        lessons = re.findall(r'href="(/learn/listening/[a-z-]+)"', html)
        pages = "".join(as_(cast.beth).get(lesson).text for lesson in lessons)
    assert 'aria-describedby="term-nps"' in pages
    assert 'role="tooltip" id="term-nps"' in pages


def test_paths_stand_on_learn_with_how_far_one_is(as_, cast):
    page = as_(cast.beth).get("/learn?show=all").text
    assert "New starter: store" in page or "Yeni başlayan: mağaza" in page
    assert "Team leader" not in page or "Ekip lideri" not in page
    assert 'id="paths"' not in as_(cast.beth).get("/learn?show=all&q=empathy").text
