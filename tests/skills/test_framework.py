"""The framework is read from its file with every mistake told, and loaded as often as one likes."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import CONTENT
from trainee import skills
from trainee.kit.db import db
from trainee.kit.findings import Findings
from trainee.kit.words import Text
from trainee.skills import models
from trainee.skills.queries import forget

ANCHORS = """
      1: {tr: [bir], en: [one]}
      2: {tr: [iki], en: [two]}
      3: {tr: [üç], en: [three]}
      4: {tr: [dört], en: [four]}
"""
SMALL = f"""
levels:
  - {{key: 1, name: {{tr: Başlangıç, en: Novice}}}}
  - {{key: 2, name: {{tr: Gelişen, en: Developing}}}}
  - {{key: 3, name: {{tr: Yetkin, en: Proficient}}}}
  - {{key: 4, name: {{tr: Örnek, en: Role model}}}}
families:
  - {{key: connect, name: {{tr: Karşılama, en: Connect}}}}
  - {{key: lead, name: {{tr: Yön, en: Lead}}}}
qualities: [{{key: empathy, name: {{tr: Empati, en: Empathy}}}}]
steps: [{{key: greet, name: {{tr: Karşılama, en: Greet}}}}]
critical_errors:
  - {{key: disrespect, name: {{tr: Saygısızlık, en: Disrespect}}, definition: {{tr: Hakaret., en: Insult.}}}}
skills:
  - key: coaching
    family: lead
    quality: empathy
    step: greet
    name: {{tr: Koçluk, en: Coaching}}
    definition: {{tr: Gözlemek., en: Observing.}}
    anchors: {ANCHORS}
  - key: greeting
    family: connect
    quality: empathy
    step: greet
    name: {{tr: Karşılama, en: Greeting}}
    definition: {{tr: Karşılamak., en: Welcoming.}}
    anchors: {ANCHORS}
targets:
  new_starter: {{greeting: 3, default: 2}}
"""


def written(tmp_path: Path, words: str) -> Path:
    path = tmp_path / "skills.yaml"
    path.write_text(words, encoding="utf-8")
    return path


def complaints(tmp_path: Path, words: str) -> list[str]:
    findings = Findings()
    assert skills.read(written(tmp_path, words), findings) is None
    return [f"{finding.line}: {finding.message}" for finding in findings]


def test_the_shipped_file_has_nothing_wrong_in_it():
    findings = Findings()
    frame = skills.read(CONTENT / "skills.yaml", findings)
    assert list(findings) == []
    assert frame is not None
    assert len(frame.families) == 5
    assert len(frame.skills) == 14
    assert all(len(skill.anchors[level]) >= 2 for skill in frame.skills for level in (1, 2, 3, 4))


def test_skills_are_in_the_order_of_their_families(tmp_path):
    frame = skills.read(written(tmp_path, SMALL), Findings())
    assert frame is not None
    assert [skill.key for skill in frame.skills] == ["greeting", "coaching"]
    assert frame.skill("greeting").anchors[3] == (Text(tr="üç", en="three"),)


def test_a_target_is_the_skills_own_or_the_groups_default(tmp_path):
    frame = skills.read(written(tmp_path, SMALL), Findings())
    assert frame is not None
    assert frame.target("new_starter", "greeting") == 3
    assert frame.target("new_starter", "coaching") == 2
    assert frame.target("experienced", "greeting") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: coaching", "key: greeting", "stands twice"),
        ("family: lead", "family: lea", "There is no family `lea`"),
        ("quality: empathy", "quality: kindness", "There is no quality `kindness`"),
        ("step: greet", "step: meet", "There is no step `meet`"),
        ("{tr: [iki], en: [two]}", "{tr: [iki, üç], en: [two]}", "different numbers of anchors"),
        ("      4: {tr: [dört], en: [four]}\n", "", "has no anchors"),
        ("{greeting: 3, default: 2}", "{greting: 3, default: 2}", "There is no skill `greting`"),
        ("{greeting: 3, default: 2}", "{greeting: 5, default: 2}", "4 or less"),
        ("en: Coaching}", "en: ''}", "empty"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path, old, new, said):
    assert old in SMALL
    told = complaints(tmp_path, SMALL.replace(old, new, 1))
    assert any(said in words for words in told), told


def test_a_file_that_is_not_there_is_told():
    findings = Findings()
    assert skills.read(Path("no/such/skills.yaml"), findings) is None
    assert "cannot be read" in str(next(iter(findings)))


def test_what_was_loaded_reads_back_as_it_was_written(app, tmp_path):
    frame = skills.read(CONTENT / "skills.yaml", Findings())
    assert frame is not None
    skills.load(frame)
    forget()
    assert skills.framework() == frame


def test_loading_twice_changes_nothing_the_second_time(app):
    skills.load_file(CONTENT / "skills.yaml", Findings())
    assert skills.load_file(CONTENT / "skills.yaml", Findings()) is False


def test_a_broken_file_changes_nothing(app, tmp_path):
    before = skills.framework()
    findings = Findings()
    assert skills.load_file(written(tmp_path, SMALL.replace("step: greet", "step: meet")), findings) is False
    assert not findings.ok
    assert skills.framework() == before


def test_a_skill_that_left_the_file_is_retired_and_kept(app, tmp_path):
    skills.load_file(CONTENT / "skills.yaml", Findings())
    assert skills.load_file(written(tmp_path, SMALL), Findings()) is True
    frame = skills.framework()
    assert [skill.key for skill in frame.skills] == ["greeting", "coaching"]
    assert "empathy" not in frame
    assert frame.skill("empathy").retired
    assert db.session.scalar(select(func.count()).select_from(models.Skill)) == 15
    assert [family.key for family in frame.families] == ["connect", "lead"]


def test_a_skill_that_comes_back_is_in_use_again(app, tmp_path):
    skills.load_file(written(tmp_path, SMALL), Findings())
    skills.load_file(CONTENT / "skills.yaml", Findings())
    assert "empathy" in skills.framework()
    assert skills.load_file(CONTENT / "skills.yaml", Findings()) is False


def test_what_another_process_loads_is_seen_with_the_next_request_and_costs_no_statement(as_, app, cast, tmp_path, counting):
    everywhere = as_(cast.amir)
    everywhere.get("/skills")
    counting.clear()
    assert "Greeting and first impression" in everywhere.get("/skills").text
    many, known = len(counting), app.extensions["trainee.skills.framework"]
    kept = app.extensions["trainee.kept.anything"] = object()
    told = (CONTENT / "skills.yaml").read_text(encoding="utf-8").replace("Greeting and first impression", "The first words", 1)
    assert skills.load_file(written(tmp_path, told), Findings()) is True
    db.session.commit()
    # This process has read the one before.
    app.extensions |= {"trainee.skills.framework": known, "trainee.kept.anything": kept}
    assert "The first words" in everywhere.get("/skills").text
    assert "trainee.kept.anything" not in app.extensions
    counting.clear()
    everywhere.get("/skills")
    assert len(counting) == many


def test_the_framework_is_read_from_the_database_once(app, counting):
    forget()
    skills.framework()
    counting.clear()
    skills.framework()
    assert counting == []
