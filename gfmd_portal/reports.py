from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = SafeExceptionReporterFilter.cleansed_substitute


class DiscreetReports(SafeExceptionReporterFilter):
    """A report of an error says where it happened, never what somebody had typed or what a variable held.

    Needs, names and keys pass through forms and services; no list of the sensitive ones would stay complete.
    """

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        return dict.fromkeys(request.POST, HIDDEN) if request else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, HIDDEN).items()
