"""Published versions: once per content, never changed, read once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import AT, CONTENT
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.modules import library
from trainee.modules.library import NotPublished, publish, retire
from trainee.modules.library.actions import load_content
from trainee.modules.library.models import ModuleVersion


def versions(key="tidy-desk"):
    return db.session.execute(select(ModuleVersion).where(ModuleVersion.key == key).order_by(ModuleVersion.number)).scalars().all()


def test_publishing_keeps_the_files_whole(fresh, sample):
    version_id = publish(sample.bundle, AT, origin="archive")
    (row,) = versions()
    assert (row.id, row.number, row.digest, row.origin, row.published_at) == (version_id, 1, sample.bundle.digest, "archive", AT)
    assert library.module(version_id).title.en == "A tidy desk"


def test_publishing_the_same_files_again_changes_nothing(fresh, sample):
    assert publish(sample.bundle, AT) == publish(sample.bundle, AT + timedelta(days=1))
    assert len(versions()) == 1


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(fresh, sample):
    old = publish(sample.bundle, AT)
    new = publish(sample.but("module.yaml", "A tidy desk", "A clean desk"), AT)
    assert library.current_version("tidy-desk") == new
    assert library.module(old).title.en == "A tidy desk"
    assert library.module(new).title.en == "A clean desk"


def test_going_back_to_earlier_files_is_a_version_of_its_own(fresh, sample):
    publish(sample.bundle, AT)
    publish(sample.but("module.yaml", "A tidy desk", "A clean desk"), AT)
    publish(sample.bundle, AT)
    assert [row.number for row in versions()] == [1, 2, 3]


def test_a_module_with_errors_is_not_published_and_says_them_all(fresh, sample):
    with pytest.raises(NotPublished) as caught:
        publish(sample.but("module.yaml", "skills: [greeting, empathy]", "skills: [sympathy, kindness]"), AT)
    assert len(caught.value.findings.errors) == 2
    assert caught.value.status == 422
    assert versions() == []


def test_a_retired_module_leaves_the_catalogue_and_comes_back_when_published(fresh, sample):
    version_id = publish(sample.bundle, AT)
    retire("tidy-desk", AT)
    assert "tidy-desk" not in library.current_versions()
    assert library.module(version_id).key == "tidy-desk"
    with pytest.raises(NotFound):
        library.module_or_404("tidy-desk")
    assert publish(sample.bundle, AT) != version_id
    assert "tidy-desk" in library.current_versions()


def test_a_version_is_read_once(fresh, sample, counting):
    version_id = publish(sample.bundle, AT)
    first = library.module(version_id)
    counting.clear()
    assert library.module(version_id) is first
    assert counting == []


def test_there_is_no_module_of_a_version_that_is_not(fresh):
    with pytest.raises(NotFound):
        library.module(987654)


def test_loading_the_content_again_adds_nothing(app):
    before = db.session.execute(select(func.count()).select_from(ModuleVersion)).scalar()
    assert before >= 4
    findings = load_content(CONTENT, AT + timedelta(days=1))
    assert findings.ok
    assert db.session.execute(select(func.count()).select_from(ModuleVersion)).scalar() == before


def test_a_broken_module_is_passed_over_and_the_rest_is_loaded(fresh, sample, tmp_path):
    for name in ("skills.yaml",):
        (tmp_path / name).write_bytes((CONTENT / name).read_bytes())
    (tmp_path / "service" / "cards").mkdir(parents=True)
    card = "service/cards/greeting-standard.yaml"
    (tmp_path / card).write_bytes((CONTENT / card).read_bytes())
    for key, extra in (("tidy-desk", b""), ("broken", b"nonsense: 1\n")):
        folder = tmp_path / "modules" / key
        folder.mkdir(parents=True)
        for name, data in sample.bundle.files.items():
            (folder / name).write_bytes(data + (extra if name == "module.yaml" else b""))
    said = []
    findings = load_content(tmp_path, AT, said.append)
    assert said == ["skills", "scorecards", "policy cards", "broken", "tidy-desk"]
    assert "tidy-desk" in library.current_versions()
    assert "broken" not in library.current_versions()
    assert any("`nonsense` is not known here" in str(finding) for finding in findings)


@pytest.mark.parametrize("words", ["Masayı", "MASAYI", "masayi tidy", "M90", "İLK bakış", "ilk BAKIS", "Karşılama ve ILK izlenim"])
def test_the_search_forgives_case_dots_and_accents(fresh, sample, words):
    publish(sample.bundle, AT)
    assert "tidy-desk" in [module.key for module in library.catalogue_modules(words)]


@pytest.mark.parametrize("words", ["masa yok böyle", "%", "_", "tidy%desk"])
def test_the_search_takes_words_as_they_are(fresh, sample, words):
    publish(sample.bundle, AT)
    assert "tidy-desk" not in [module.key for module in library.catalogue_modules(words)]


def test_a_role_play_is_found_in_the_version_in_use_and_stays_in_the_old_one(fresh, sample):
    old = publish(sample.bundle, AT)
    assert library.roleplay("lost-form") == (old, library.module(old).story("lost-form"))
    new = publish(sample.but("lost-form.roleplay.yaml", "minutes: 2", "minutes: 5"), AT)
    found = library.roleplay("lost-form")
    assert found is not None
    assert found[0] == new
    assert library.roleplay_of(old, "lost-form").minutes == 2
    assert library.roleplay("no-such-story") is None
    with pytest.raises(NotFound):
        library.roleplay_of(old, "no-such-story")


def test_cards_are_filled_where_they_are_named(fresh, sample):
    module = library.module(publish(sample.bundle, AT))
    html = library.filled(module.lessons[0].blocks("tr")[0].html, "tr")
    assert '<a class="card-name" href="/cards/greeting-standard">Karşılama standardı</a>' in html
    assert "10\u00a0saniye" in html
    question = module.question("q02")
    review = library.reviewed(question, {"value": "2", "written": "2"}, "s", "en")
    assert 'href="/cards/greeting-standard">Greeting standard</a>' in review["why"]
    assert "{{" not in library.asked(question, "s", "en")["stem"]


def test_a_text_that_names_no_card_costs_no_statement(fresh, sample, counting):
    module = library.module(publish(sample.bundle, AT))
    counting.clear()
    assert library.filled("<p>a</p>", "tr") == "<p>a</p>"
    assert library.asked(module.question("q01"), "s", "en")["stem"] == "What is seen first?"
    assert counting == []
