"""Pictures of lessons are looked at before they are kept, and sent bare."""

import io
import warnings

from PIL import Image

from trainee.modules.library import pictures


def test_a_photo_is_sent_without_what_the_camera_wrote_beside_it():
    photo, sent = Image.new("RGB", (8, 8), "navy"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of the shop"
    photo.save(sent, "JPEG", exif=exif)
    assert b"Camera of the shop" in sent.getvalue()
    assert list(pictures.wrong_with("shop.jpg", sent.getvalue())) == []
    assert b"Camera of the shop" not in pictures.clean("shop.jpg", sent.getvalue())
    assert Image.open(io.BytesIO(pictures.clean("shop.jpg", sent.getvalue()))).size == (8, 8)


def test_a_picture_that_unfolds_to_something_huge_is_refused():
    sent = io.BytesIO()
    Image.new("1", (pictures.WIDEST + 1, 4)).save(sent, "PNG")
    assert "dots" in next(pictures.wrong_with("wide.png", sent.getvalue()))
    sent = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(sent, "PNG")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert "20000 by 20000 dots" in next(pictures.wrong_with("huge.png", sent.getvalue()))
    assert warned == []
    assert "larger than" in next(pictures.wrong_with("large.png", bytes(pictures.LARGEST + 1)))
