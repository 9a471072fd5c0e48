"""One's own picture: taken, removed, or told beside its field what is wrong with it."""

import io
import warnings

import pytest
from PIL import Image

from trainee.people.models import Person


def picture(size: tuple[int, int] = (40, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


def send(client, body: bytes, name: str = "me.png"):
    head = f'--x\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
    return client.post("/me/photo", data=head.encode() + body + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")


def test_a_picture_is_taken_and_removed_again(app, cast, as_, person):
    client = as_(cast.amir)
    assert send(client, picture()).status_code == 303
    digest = person(cast.amir).photo_digest
    assert client.get(f"/people/{cast.amir}/photo/{digest}.jpg").mimetype == "image/jpeg"
    assert client.post("/me/photo", data={"remove": "1"}).status_code == 303
    assert client.get(f"/people/{cast.amir}/photo/{digest}.jpg").status_code == 404


def test_what_is_transparent_becomes_white(app, cast, as_, person):
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    client = as_(cast.amir)
    assert send(client, out.getvalue()).status_code == 303
    kept = client.get(f"/people/{cast.amir}/photo/{person(cast.amir).photo_digest}.jpg").data
    assert Image.open(io.BytesIO(kept)).getpixel((20, 20)) == (255, 255, 255)


def damaged() -> bytes:
    """A picture whose second chunk has lost its name on the way: Pillow raises a SyntaxError while it decodes."""
    whole = bytearray(picture())
    place = whole.index(b"IDAT")
    whole[place : place + 4] = b"\x00\x01\x02\x03"
    return bytes(whole)


def test_a_damaged_picture_is_told_and_no_fault_of_ours(app, cast, as_):
    whole = picture((60, 80))
    sent = [damaged(), whole[: len(whole) // 2], *(whole[:place] + b"\xff\xff\xff\xff" + whole[place + 4 :] for place in range(0, len(whole), 7))]
    answers = {send(as_(cast.amir), body).status_code for body in sent}
    assert answers <= {303, 422}
    assert "cannot read that picture" in send(as_(cast.amir), damaged()).text


@pytest.mark.parametrize(
    ("body", "name", "status", "says"),
    [
        (b"this is no picture", "me.png", 422, "cannot read that picture"),
        (b"", "", 422, "choose a picture first"),
        (b"\x89PNG" + b"x" * 3_000_000, "me.png", 413, "too large"),
    ],
    ids=["no picture", "nothing chosen", "too large"],
)
def test_what_is_wrong_with_a_picture_stands_beside_its_field_on_the_page(app, cast, as_, person, body, name, status, says):
    answer = send(as_(cast.amir), body, name)
    assert answer.status_code == status
    assert '<a href="#photo">' in answer.text
    field = answer.text.split('<input class="input" id="photo"')[1].split("</form>")[0]
    assert says in field
    assert 'aria-invalid="true"' in field
    assert 'value="Amir Kaya"' in answer.text
    found: Person = person(cast.amir)
    assert found.photo_digest is None


def test_a_picture_that_unfolds_to_something_huge_is_refused_without_a_warning(app, cast, as_):
    sent = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(sent, "PNG")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        answer = send(as_(cast.amir), sent.getvalue(), "huge.png")
    assert answer.status_code == 422
    assert "That picture is too large" in answer.text
    assert [str(one.message) for one in warned if "DecompressionBomb" in one.category.__name__] == []


def test_too_much_of_anything_else_is_refused_as_everywhere(app, cast, as_):
    answer = as_(cast.amir).post("/me/profile", data={"name": "a" * 3_000_000})
    assert answer.status_code == 413
    assert "too large to send" in answer.text


def test_who_looks_after_her_sees_the_picture_on_her_page(app, cast, as_, person):
    before = as_(cast.chloe).get(f"/people/{cast.amir}").text
    send(as_(cast.amir), picture())
    address = f"/people/{cast.amir}/photo/{person(cast.amir).photo_digest}.jpg"
    assert address not in before
    assert address in as_(cast.chloe).get(f"/people/{cast.amir}").text
    as_(cast.amir).post("/me/photo", data={"remove": "1"})
    assert address not in as_(cast.chloe).get(f"/people/{cast.amir}").text
