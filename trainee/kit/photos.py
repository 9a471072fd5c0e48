"""Opens photos that were sent, whatever they claim to be."""

import io
from collections.abc import Sequence

from PIL import Image, ImageOps

# Pillow would print a warning, or raise, at a number of dots of its own. Opening decodes nothing, and the size is looked at before anything is.
Image.MAX_IMAGE_PIXELS = None
DOTS = 40_000_000


class UnreadableError(Exception):
    """It is no photo of the formats asked for, or a damaged one."""


class TooManyDotsError(Exception):
    """It is a photo of more than `DOTS` dots; nothing of it was decoded. `size` is its width and height."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size)
        self.size = size


def open_photo(body: bytes, formats: Sequence[str]) -> Image.Image:
    """The photo, decoded and upright. UnreadableError, TooManyDotsError."""
    try:
        sent = Image.open(io.BytesIO(body), formats=list(formats))
        if sent.width * sent.height > DOTS:
            raise TooManyDotsError(sent.size)
        return ImageOps.exif_transpose(sent)
    except TooManyDotsError:
        raise
    # The decoders raise whatever they stumble over in a damaged file: SyntaxError, struct.error, IndexError, zlib.error and more.
    except Exception as error:
        raise UnreadableError from error
