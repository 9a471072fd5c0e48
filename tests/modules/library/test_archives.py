"""A module may come as a ZIP archive, and an archive may not do anything else."""

import io
import stat
import zipfile

import pytest

from trainee.kit.yamltree import Unreadable
from trainee.modules.library import read_archive
from trainee.modules.library.bundle import from_archive, from_folder, unpacked


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def refused(data):
    with pytest.raises(Unreadable) as caught:
        from_archive(data)
    return str(caught.value)


def test_an_archived_module_is_the_same_module(sample):
    data = zipped([(f"tidy-desk/{name}", content) for name, content in sample.bundle.files.items()])
    assert from_archive(data).digest == sample.bundle.digest
    module, findings = read_archive(data)
    assert module is not None
    assert module.key == "tidy-desk"
    assert findings.ok


def test_what_macs_put_into_archives_is_passed_over(sample):
    files = [(f"tidy-desk/{name}", content) for name, content in sample.bundle.files.items()]
    files += [("__MACOSX/tidy-desk/._quiz.yaml", b"x"), ("tidy-desk/.DS_Store", b"x"), ("tidy-desk/", b"")]
    assert from_archive(zipped(files)).digest == sample.bundle.digest


@pytest.mark.parametrize("name", ["../evil.yaml", "/etc/passwd", "a/../../evil.yaml", "a\\evil.yaml", "C:evil.yaml", "a/b/c.yaml"])
def test_a_name_that_leads_elsewhere_is_refused(name):
    assert "leads out of it" in refused(zipped([("a/module.yaml", b"key: a"), (name, b"x")]))


def test_a_symbolic_link_is_refused():
    link = zipfile.ZipInfo("a/quiz.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "no plain file" in refused(zipped([("a/module.yaml", b"key: a"), (link, b"/etc/passwd")]))


def test_a_file_that_unpacks_to_far_more_is_refused():
    bomb = zipped([("a/module.yaml", b"0" * 50_000_000)])
    assert len(bomb) < 100_000
    assert "larger than 1 megabyte" in refused(bomb)


def test_many_files_that_unpack_to_far_more_are_refused():
    bomb = zipped([(f"a/{number}.md", b"0" * 900_000) for number in range(12)])
    assert "far more than a module" in refused(bomb)


def test_too_many_files_are_refused():
    assert "More than 200 files" in refused(zipped([(f"a/{number}.md", b"x") for number in range(201)]))


def test_a_size_that_lies_is_not_believed():
    data = bytearray(zipped([("a/module.yaml", b"0" * 3_000_000)], zipfile.ZIP_DEFLATED))
    # The uncompressed size stands in the directory at the end; it is made to say ten.
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data))


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + b"\0" * 40, b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_is_refused_with_a_sentence(data):
    assert refused(data).startswith("archive.zip:1: ")


def test_a_file_that_stands_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("a/quiz.yaml", b"1"), ("a/quiz.yaml", b"2")])
    assert "in the archive twice" in refused(data)


def test_two_folders_are_refused():
    assert "more than one folder" in refused(zipped([("a/module.yaml", b"x"), ("b/module.yaml", b"x")]))


def test_a_cut_archive_is_refused():
    whole = zipped([("a/module.yaml", b"key: a\n" * 1000)])
    assert refused(whole[: len(whole) // 2])


def test_a_folder_with_a_folder_in_it_is_told(tmp_path):
    (tmp_path / "deep").mkdir()
    with pytest.raises(Unreadable, match="Only files belong"):
        from_folder(tmp_path)


def test_hidden_files_and_editors_copies_are_passed_over(tmp_path):
    for name in (".hidden", "quiz.yaml~", "quiz.yaml"):
        (tmp_path / name).write_text("x")
    assert list(from_folder(tmp_path).files) == ["quiz.yaml"]


def test_what_is_packed_comes_back_whole(sample):
    again = unpacked("tidy-desk", sample.bundle.packed())
    assert again.files == sample.bundle.files
    assert again.digest == sample.bundle.digest


def test_the_digest_knows_names_from_contents(sample):
    assert sample.but("quiz.yaml", "draw: 2", "draw: 3").digest != sample.bundle.digest
