"""Opens photos that were sent, whatever they claim to be."""

import io
from collections.abc import Sequence

from PIL import Image

# Pillow would print a warning, or raise, at a number of dots of its own. Opening decodes nothing: who opens asks for the size first and refuses.
Image.MAX_IMAGE_PIXELS = None


def open_photo(body: bytes, formats: Sequence[str]) -> Image.Image:
    """The photo, not yet decoded: look at its `size` before anything else. Pillow's and OSError, ValueError when it is none of these formats."""
    return Image.open(io.BytesIO(body), formats=list(formats))
