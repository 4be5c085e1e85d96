"""The page on which organisers issue a paper."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.direction import isolated

from .. import issuing
from ..issuing import IssueError, Proposal
from ..kinds import marks
from ..models import Document, Issue
from .frame import Request, framed


class IssueForm(forms.Form):
    """As what to issue it. `seen` carries along what was looked at."""

    suffix = forms.ChoiceField(label=gettext_lazy("Issue it as"), widget=forms.RadioSelect, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why it is issued. Stands in the history of the paper, not on it."),
    )
    fewer = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick this, or wait until the other languages are there.")}
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, proposal: Proposal, **kwargs):
        kwargs["initial"] = {"seen": proposal.seen, "suffix": proposal.symbols[0].suffix}
        super().__init__(*args, **kwargs)
        suffix = self.fields["suffix"]
        assert isinstance(suffix, forms.ChoiceField)
        suffix.choices = [
            (symbol.suffix, f"{Issue.Suffix(symbol.suffix).label}: {symbol}" if symbol.suffix else str(symbol))
            for symbol in proposal.symbols
        ]
        if len(proposal.symbols) == 1:
            suffix.widget = forms.HiddenInput()
        if len(proposal.complete) == len(proposal.versions):
            del self.fields["fewer"]
        else:
            self.fields["fewer"].label = _("Issue it so; each copy says “%(only)s”") % {
                "only": marks.only(proposal.languages)
            }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request, uuid: UUID) -> HttpResponse:
    """What would be issued, and the act."""
    if not request.user.has_perm(issuing.ISSUE):
        raise PermissionDenied
    document = get_object_or_404(Document.objects.light(), uuid=uuid)
    if not document.is_of_a_paper:
        raise Http404
    try:
        proposal = issuing.propose(document)
    except IssueError as error:
        messages.warning(request, str(error))
        return redirect(document)
    form = IssueForm(request.POST or None, proposal=proposal)
    if not proposal.objection and form.is_valid():
        try:
            made = issuing.issue(document=document, by=request.user, now=timezone.now(), **form.cleaned_data)
        except IssueError as error:
            messages.warning(request, str(error))
            return redirect("documents:document-issue", uuid)
        messages.success(request, _("Issued as %(symbol)s.") % {"symbol": isolated(made)})
        return redirect(made.documents.earliest("pk"))
    return framed(request, "documents/issue.html", {"document": document, "proposal": proposal, "form": form})
