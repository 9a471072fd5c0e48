"""Which encoding a text was written in, found out from its bytes, with what it would read like in each."""

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Read twice: UTF-8 that some program took for Windows-1254 or Windows-1252 and wrote as UTF-8 once more.
TWICE = {"utf-8 as cp1254": "cp1254", "utf-8 as cp1252": "cp1252"}
# What is tried and what can be chosen, the likely ones first: of several that read alike the first names them.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1254": "Windows-1254",
    "iso8859_9": "ISO-8859-9",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "cp857": "DOS 857",
    "mac_turkish": "Mac Turkish",
    "iso8859_3": "ISO-8859-3",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1026": "EBCDIC 1026",
    "utf-7": "UTF-7",
    "unicode_escape": "\\u…",
    "raw_unicode_escape": "\\u… / Latin-1",
    "utf-8 as cp1254": "UTF-8 → Windows-1254 → UTF-8",
    "utf-8 as cp1252": "UTF-8 → Windows-1252 → UTF-8",
    "gb18030": "GB 18030",
    "euc_jp": "EUC-JP",
    "euc_jis_2004": "EUC-JIS-2004",
    "iso2022_jp_2": "ISO-2022-JP-2",
    "iso2022_jp_ext": "ISO-2022-JP-EXT",
}
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}")
_SHIFTED = re.compile(rb"\+[A-Za-z0-9/]{2,}")
# What stands in a Turkish table of people; any other sign speaks against the encoding that makes it.
_USUAL = frozenset("çğıöşüÇĞİÖŞÜâîûÂÎÛ’‘“”«»–—…•€₺°·ªº§©® \u00a0\n\r\t\x85\ufeff") | frozenset(map(chr, range(32, 127)))
# Turkish itself, by which two readings without odd signs are told apart.
_TURKISH = frozenset("çğıöşüÇĞİÖŞÜ")
_SAMPLE = 64 * 1024
_HEAD = 4 * 1024
_PREVIEW = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the bytes: how many signs of it look odd, and a piece of it that holds more than plain letters."""

    encoding: str
    odd: int
    preview: str
    marked: bool = False

    @property
    def title(self) -> str:
        """What the encoding is called."""
        return ENCODINGS[self.encoding]


def decoded(data: bytes, encoding: str) -> str:
    """The text of these bytes; what cannot be read becomes U+FFFD. Marks at the beginning go, and letters in two parts become one."""
    for mark, marked in _MARKS:
        if data.startswith(mark) and marked == encoding and marked not in ("utf-16", "utf-32"):
            data = data[len(mark) :]
    if encoding in TWICE:
        text = _once(data.decode("utf-8", "replace").removeprefix("\ufeff"), TWICE[encoding], "replace")
    else:
        text = data.decode(encoding, "replace")
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")).replace("\x00", "")


def _once(text: str, took_for: str, errors: str) -> str:
    # A few bytes mean nothing in these two; programs let them through as they are.
    return b"".join(_byte(sign, took_for) for sign in text).decode("utf-8", errors)


def _byte(sign: str, took_for: str) -> bytes:
    try:
        return sign.encode(took_for)
    except UnicodeEncodeError:
        return sign.encode("latin-1", "replace")


def candidates(data: bytes) -> list[Candidate]:
    """The ways to read these bytes, the most likely first; of those that read alike only one. Never empty."""
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (encoding != "utf-16" or not data.startswith(codecs.BOM_UTF32_LE)):
            plain = _read(data, encoding)
            if plain is None:
                continue
            found = _measured(encoding, plain, marked=True)
            # What was read twice carries a mark as well.
            return [*_twice(data), found] if encoding == "utf-8" and found.odd else [found]
    found_by_text: dict[str, Candidate] = {}
    for encoding, text in _readings(data):
        found_by_text.setdefault(text, _measured(encoding, text))
    order = list(ENCODINGS)
    found_all = sorted(found_by_text.values(), key=lambda one: (one.odd, order.index(one.encoding)))
    return found_all or [_measured("cp1254", decoded(_sample(data), "cp1254"))]


def sure(found: list[Candidate]) -> bool:
    """Whether the first can be taken without asking: a mark says so, or it alone reads as Turkish does."""
    best = found[0]
    if best.marked or best.encoding == "utf-8":
        return best.odd == 0 or (best.encoding == "utf-8" and len(found) == 1)
    return best.odd == 0 and all(one.odd for one in found[1:])


def _twice(data: bytes) -> list[Candidate]:
    found = []
    for encoding in TWICE:
        text = _read(data, encoding)
        if text is not None and any(sign in _TURKISH for sign in text) and not _odd(text):
            found.append(_measured(encoding, text, marked=True))
    return found[:1]


def _readings(data: bytes) -> Iterator[tuple[str, str]]:
    for encoding in _worth_trying(data):
        text = _read(data, encoding)
        if text is not None and not (encoding in TWICE and not any(sign in _TURKISH for sign in text)):
            yield encoding, text


def _worth_trying(data: bytes) -> list[str]:
    """The encodings that these bytes could be in at all; for most files two or three."""
    head = data[:_HEAD]
    if b"\x00" in head:
        wide = _by_noughts(head)
        return [wide] if wide is not None else ["utf-16-le", "utf-16-be"]
    if data.isascii():
        shifts = ["iso2022_jp_2", "iso2022_jp_ext"] if b"\x1b" in data else []
        shifts += ["unicode_escape"] if _ESCAPED.search(data) else []
        shifts += ["utf-7"] if _turns_turkish(data, "utf-7") else []
        return shifts or ["utf-8"]
    if _read(data, "utf-8") is not None:
        # Bytes that make sense as UTF-8 are hardly ever anything else.
        return ["utf-8", *TWICE]
    tried = ["cp1254", "iso8859_9", "cp857", "mac_turkish", "iso8859_3", "cp1252", "cp1026", "gb18030", "euc_jp", "euc_jis_2004"]
    return [*tried, "raw_unicode_escape"] if _ESCAPED.search(data) else tried


def _turns_turkish(data: bytes, encoding: str) -> bool:
    if not _SHIFTED.search(data):
        return False
    text = _read(data, encoding)
    return text is not None and any(sign in _TURKISH for sign in text)


def _by_noughts(head: bytes) -> str | None:
    """Plain letters leave noughts beside them, and where these stand says how wide a sign is and which half comes first."""
    head = head[: len(head) // 4 * 4]
    empty = [sum(byte == 0 for byte in head[place::4]) / max(len(head) // 4, 1) for place in range(4)]
    if empty[2] > 0.9 and empty[3] > 0.9:
        return "utf-32-le"
    if empty[0] > 0.9 and empty[1] > 0.9:
        return "utf-32-be"
    if empty[1] + empty[3] > empty[0] + empty[2] + 0.4:
        return "utf-16-le"
    return "utf-16-be" if empty[0] + empty[2] > empty[1] + empty[3] + 0.4 else None


def _sample(data: bytes) -> bytes:
    """The beginning, and after it lines that hold more than plain letters; its end may be cut in the middle of a sign."""
    if len(data) <= _SAMPLE or b"\x00" in data[:_HEAD]:
        return data[:_SAMPLE]
    lines, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii() or size < _HEAD:
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(lines)[:_SAMPLE]


def _read(data: bytes, encoding: str) -> str | None:
    """A sample of the text, or None when the bytes cannot be this encoding."""
    try:
        if encoding == "utf-8":
            # Read to its end: this one is believed above all others.
            data.decode(encoding)
        if encoding in TWICE:
            text = _once(_begun(_sample(data), "utf-8").removeprefix("\ufeff"), TWICE[encoding], "strict")
        else:
            text = _begun(_sample(data), encoding)
    except UnicodeDecodeError:
        return None
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff"))


def _begun(sample: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=len(sample) < _SAMPLE)


def _odd(text: str) -> int:
    return sum(sign not in _USUAL for sign in set(text)) and sum(sign not in _USUAL for sign in text)


def _measured(encoding: str, text: str, marked: bool = False) -> Candidate:
    # A line without any separator is no line of a table: EBCDIC and the like turn everything into one.
    return Candidate(encoding, _odd(text), _preview(text), marked)


def _preview(text: str) -> str:
    """The first piece of the text that can be read in more ways than one."""
    place = next((place for place, sign in enumerate(text) if not sign.isascii()), 0)
    begin = max(text.rfind("\n", 0, place) + 1, place - _PREVIEW // 2)
    return html.unescape(" ".join(text[begin : begin + _PREVIEW].split("\n", 1)[0].split()))
