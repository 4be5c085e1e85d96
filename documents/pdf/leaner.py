"""What WeasyPrint loads for fonts that vary, or that HarfBuzz does not subset: none of ours. A tenth of what a worker
takes, and loaded once it is asked for.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

PUT_OFF = ("fontTools.subset", "fontTools.varLib.instancer")


class _Later(ModuleType):
    """Whatever is taken out of it is a function that loads the module when it is called."""

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **more: getattr(import_module(self.__name__), name)(*args, **more)


def load_weasyprint() -> None:
    later = {name: _Later(name) for name in PUT_OFF if name not in sys.modules}
    sys.modules.update(later)
    import_module("weasyprint.pdf.fonts")
    for name in later:
        del sys.modules[name]


load_weasyprint()
