"""Write docs/openapi.json anew from what the program says of itself; a test compares the two."""

import json
from pathlib import Path

from trainee.api.openapi import document

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"

if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
