"""The typefaces of our prints, and no others.

Fontconfig is shown our own folder instead of the machine's fonts. So a print looks the same, byte
for byte, wherever it is made; a character that our faces lack is noticed instead of being drawn
from whatever happens to be installed; and style sheets name the faces without `@font-face`, which
would unpack and scan every file again for each print.
"""

import os
from functools import cache
from pathlib import Path

from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).parent.parent / "fonts"


@cache
def own_fonts() -> FontConfiguration:
    # Fontconfig reads the variable once, here. It is put back at once, because child processes
    # (a browser under test) must see their own fonts.
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    try:
        return FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
