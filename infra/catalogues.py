"""Compile the gettext catalogues (.po) to what the program reads (.mo), the same bytes every time."""

from __future__ import annotations

import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile every catalogue whose .mo is missing or older in content; returns what was written."""
    from babel.messages import mofile, pofile

    written = []
    for po in sorted((root / "chalicelib" / "locale").glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as file:
            catalogue = pofile.read_po(file, locale=po.parent.parent.name)
        buffer = io.BytesIO()
        mofile.write_mo(buffer, catalogue)
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != buffer.getvalue():
            mo.write_bytes(buffer.getvalue())
            written.append(mo)
    return written


if __name__ == "__main__":
    for path in compile_all():
        print(path.relative_to(ROOT))
    sys.exit(0)
