"""Printed documents: whatever people write can be printed."""

import io

from pypdf import PdfReader

from trainee.kit.typesetting import INSTEAD, typeset

LAYOUT = '#let told = json(bytes(sys.inputs.sheet))\n#set document(title: "T")\n#set text(font: "Libertinus Serif", ligatures: false)\n#told.words\n'


def test_signs_without_a_letter_in_the_typeface_leave_a_box_and_all_others_as_they_are(tmp_path):
    layout = tmp_path / "one.typ"
    layout.write_text(LAYOUT, encoding="utf-8")

    def read(words: str) -> str:
        return PdfReader(io.BytesIO(typeset(layout, {"words": words}))).pages[0].extract_text().strip()

    assert read("Çiğdem İşıkoğlu ₺") == "Çiğdem İşıkoğlu ₺"
    assert read("Teşekkürler 😊🎉, 李 Ğ") == f"Teşekkürler {INSTEAD * 2}, {INSTEAD} Ğ"
