"""Case, matching and order of human text, in Turkish and English.

Python's own `lower()` and `upper()` know nothing of the dotless ı, so they are never used on what people write.
"""

import re
import unicodedata
from functools import lru_cache

_LOWER = str.maketrans({"I": "ı", "İ": "i"})
_UPPER = str.maketrans({"i": "İ", "ı": "I"})
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "“": '"', "”": '"'})

_ACCENTS = re.compile("[\u0300-\u036f]+")

# The Turkish alphabet with the letters of neighbours where a Turkish reader looks for them; blank and digits come first.
_ORDER = {letter: rank for rank, letter in enumerate(" 0123456789aâbcçdefgğhıiîjklmnoöpqrsştuûüvwxyz")}


def lower(text: str, lang: str) -> str:
    """Lower case as `lang` ('tr' or 'en') writes it: IŞIK becomes ışık in Turkish."""
    text = unicodedata.normalize("NFC", text)
    return (text.translate(_LOWER) if lang == "tr" else text).lower()


def upper(text: str, lang: str) -> str:
    """Upper case as `lang` ('tr' or 'en') writes it: iki becomes İKİ in Turkish."""
    text = unicodedata.normalize("NFC", text)
    return (text.translate(_UPPER) if lang == "tr" else text).upper()


def fold(text: str) -> str:
    """A form for matching in both languages: case, accents and the dots of i make no difference (IŞIK, ışık and isik are one)."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", lower(text, "tr").translate(_PLAIN)))
    # Most texts have no other marks than the common ones, and looking at every letter of a long one takes its time.
    others = [letter for letter in set(bare) if letter > "\x7f" and unicodedata.combining(letter)] if not bare.isascii() else []
    return bare.translate(dict.fromkeys(map(ord, others))) if others else bare


# Names are searched again and again, fifty thousand of them in a large organisation.
folded = lru_cache(maxsize=1 << 17)(fold)


def surely_turkish(text: str) -> bool:
    """Whether a text in one of our two languages holds a letter that English never has; False says nothing."""
    return any(letter in "ğışĞİŞçöüÇÖÜ" for letter in unicodedata.normalize("NFC", text))


def squeeze(text: str) -> str:
    """The words of a text with one blank between them and none around."""
    return " ".join(text.split())


def slug(text: str) -> str:
    """A name for a file or an address: folded, ASCII letters and digits, joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def sort_key(text: str) -> str:
    """A string of digits that sorts, under any collation, as a Turkish dictionary would sort `text`."""
    return "".join(f"{_ORDER[letter]:02d}" if letter in _ORDER else f"99{ord(letter):07d}" for letter in lower(text, "tr"))
