"""Documents that are printed: one layout, one JSON text of what it says, and nothing else that it could read."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typst

# What stands for a sign that the typeface of printed pages does not have: a smiling face in a reply, a name in Chinese.
INSTEAD: Final = "□"
_LACKING: Final = "could not be displayed"
_TRIAL: Final = '#set document(title: "-")\n#set text(font: "Libertinus Serif")\n#json(bytes(sys.inputs.sheet))'


def typeset(layout: Path, told: Mapping[str, Any]) -> bytes:
    """A PDF with tags for screen readers. Nothing but `told` goes in, as `sys.inputs.sheet`, and no file but the layout can be read.

    A sign that the typeface does not have is replaced by `INSTEAD`, because such a document would not be readable aloud and is refused whole.
    """
    source, words = layout.read_text(encoding="utf-8"), json.dumps(told, ensure_ascii=False)
    try:
        return _compiled(source, words)
    except typst.TypstError as refused:
        if _LACKING not in str(refused):
            raise
    return _compiled(source, words.translate(dict.fromkeys(map(ord, _lacking(sorted({sign for sign in words if sign > "\x7f"}))), INSTEAD)))


def _lacking(signs: Sequence[str]) -> list[str]:
    """Those of these signs that the typeface does not have."""
    try:
        _compiled(_TRIAL, json.dumps(" ".join(signs)))
    except typst.TypstError as refused:
        if _LACKING not in str(refused):
            raise
        half = len(signs) // 2
        return [*_lacking(signs[:half]), *_lacking(signs[half:])] if half else list(signs)
    return []


def _compiled(source: str, words: str) -> bytes:
    with tempfile.TemporaryDirectory() as nothing:
        Path(nothing, "layout.typ").write_text(source, encoding="utf-8")
        made = typst.compile(
            str(Path(nothing, "layout.typ")), root=nothing, format="pdf", ignore_system_fonts=True, sys_inputs={"sheet": words}, pdf_standards="ua-1"
        )
    assert isinstance(made, bytes)
    return made
