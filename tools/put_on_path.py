"""Put this checkout on its environment's path and make `trainee` a command there; no build, no editable install."""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = f"#!{sys.executable}\nfrom trainee.cli import main\n\nmain()\n"


def main() -> None:
    """Write the two files."""
    Path(sysconfig.get_paths()["purelib"], "trainee-src.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = Path(sys.executable).parent / "trainee"
    command.write_text(SCRIPT, encoding="utf-8")
    command.chmod(0o755)


main()
