"""The typefaces of our prints, and no others.

Fontconfig is shown our own folder instead of the machine's fonts. So a print looks the same, byte
for byte, wherever it is made; a character that our faces lack is noticed instead of being drawn
from whatever happens to be installed; and style sheets name the faces without `@font-face`, which
would unpack and scan every file again for each print.
"""

import os
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from xml.sax.saxutils import escape

from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).parent.parent / "fonts"
VARIABLE = "FONTCONFIG_FILE"


@cache
def own_fonts() -> FontConfiguration:
    before = os.environ.get(VARIABLE)
    with NamedTemporaryFile("w", suffix=".conf") as config:
        config.write(f"<fontconfig><dir>{escape(str(FONTS))}</dir></fontconfig>")
        config.flush()
        # Fontconfig reads both here and never again. The variable is put back at once, because
        # child processes (a browser under test) must see the machine's fonts.
        os.environ[VARIABLE] = config.name
        try:
            return FontConfiguration()
        finally:
            if before is None:
                del os.environ[VARIABLE]
            else:
                os.environ[VARIABLE] = before
