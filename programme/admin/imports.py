"""Concept papers: read, looked at, taken over, taken back."""

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from people.editing import PortalAdmin, ReadOnly
from people.models import User
from schedule.models import Forum

from ..concept_paper.applying import apply
from ..concept_paper.changes import NotThisForum
from ..concept_paper.comparing import compare
from ..concept_paper.reading import LARGEST, NotAPaper
from ..concept_paper.rows import ImportRefused
from ..concept_paper.undoing import undo
from ..concept_paper.uploads import is_word, keep, paper_of
from ..concept_paper.wording import absent, counts, groups, tally
from ..draft import draft
from ..models import Import


class PaperForm(forms.Form):
    forum: forms.ModelChoiceField = forms.ModelChoiceField(Forum.objects.all(), label=_("Forum"), empty_label=None)
    file = forms.FileField(
        label=_("Concept paper"),
        help_text=_("The paper as a Word file (.docx), or as a text file (.txt) taken from a PDF."),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt"}),
    )

    def clean_file(self):
        """What no paper is as large as is not even read."""
        file = self.cleaned_data["file"]
        if file.size > max(LARGEST.values()):
            raise forms.ValidationError(_("This file is larger than any concept paper."))
        return file


@admin.register(Import)
class ImportAdmin(ReadOnly, PortalAdmin):
    """Who may add an import takes papers over and back; nothing else about one can be changed."""

    list_display = ["file_name", "forum", "when", "uploaded_by", "state"]
    list_filter = ["forum"]
    fields = ["file_name", "forum", "language", "when", "uploaded_by", "state", "applied_by", "undone_by", "digest"]
    readonly_fields = ["when", "state"]
    change_list_template = "admin/programme/imports.html"
    change_form_template = "admin/programme/import.html"

    def get_queryset(self, request):
        people = ("uploaded_by", "applied_by", "undone_by")
        return super().get_queryset(request).defer("data", "applied").select_related("forum", *people)

    @admin.display(description=_("read at"), ordering="uploaded_at")
    def when(self, upload):
        return _moment(upload, upload.uploaded_at)

    @admin.display(description=_("state"))
    def state(self, upload):
        if upload.undone_at:
            return _("Taken back on %(when)s") % {"when": _moment(upload, upload.undone_at)}
        if upload.applied_at:
            return _("Taken over on %(when)s") % {"when": _moment(upload, upload.applied_at)}
        return _("Waits to be taken over")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("read/", wrap(self.read_view), name="programme_import_read"),
            path("<int:pk>/changes/", wrap(self.changes_view), name="programme_import_changes"),
            path("<int:pk>/undo/", wrap(self.undo_view), name="programme_import_undo"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        upload = self.get_object(request, object_id) if object_id else None
        extra = {"tally": tally(upload)} if upload else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def read_view(self, request: HttpRequest) -> HttpResponse:
        _may(request)
        current = Forum.objects.filter(is_current=True).first()
        form = PaperForm(request.POST or None, request.FILES or None, initial={"forum": current})
        if request.method == "POST" and form.is_valid():
            file, forum = form.cleaned_data["file"], form.cleaned_data["forum"]
            try:
                with transaction.atomic():
                    upload, paper = keep(
                        forum=forum, name=file.name, contents=file.read(), by=_user(request), now=timezone.now()
                    )
                    compare(paper, draft(forum))
            except (NotAPaper, NotThisForum) as error:
                form.add_error("file", str(error))
            else:
                return HttpResponseRedirect(reverse("admin:programme_import_changes", args=[upload.pk]))
        return self._page(request, "import_read", _("Read a concept paper"), form=form)

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every difference with a box; what is ticked is taken over, all or none of it."""
        _may(request)
        upload = get_object_or_404(Import.objects.select_related("forum"), pk=pk)
        if upload.applied_at:
            return self._to(upload)
        paper = paper_of(upload)
        refusals: tuple[str, ...] = ()
        ticked = set(request.POST.getlist("change")) if request.method == "POST" else None
        if ticked is not None:
            try:
                apply(upload=upload, paper=paper, chosen=ticked, by=_user(request), now=timezone.now())
            except ImportRefused as error:
                refusals = error.sentences
            except NotThisForum as error:
                refusals = (str(error),)
            else:
                self._log(request, upload, "added")
                words = ngettext("%(n)d change is taken over.", "%(n)d changes are taken over.", len(ticked))
                messages.success(request, words % {"n": len(ticked)})
                return self._to(upload)
        programme = draft(upload.forum)
        try:
            comparison = compare(paper, programme)
        except NotThisForum as error:
            messages.error(request, str(error))
            return self._to(upload)
        return self._page(
            request, "import_changes", _("Changes of the concept paper"), upload=upload, forum=upload.forum,
            refusals=refusals, ticked=ticked, counts=counts(paper), groups=groups(comparison, programme),
            absent=[absent(one) for one in comparison.absent], unplaced=comparison.unplaced, language=paper.language,
            is_word=is_word(upload.file_name),
        )  # fmt: skip

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _may(request)
        upload = get_object_or_404(Import.objects.select_related("forum"), pk=pk)
        refusals: tuple[str, ...] = ()
        if request.method == "POST":
            try:
                undo(done=upload, by=_user(request), now=timezone.now())
            except ImportRefused as error:
                refusals = error.sentences
            else:
                self._log(request, upload, "deleted")
                messages.success(request, _("The import is undone: the draft is as it was before."))
                return self._to(upload)
        title = _("Undo the import")
        return self._page(request, "import_undo", title, upload=upload, refusals=refusals, tally=tally(upload))

    def _page(self, request: HttpRequest, name: str, title: object, **context: object) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/programme/{name}.html", {**base, **context})

    def _to(self, upload: Import) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:programme_import_change", args=[upload.pk]))

    def _log(self, request: HttpRequest, upload: Import, what: str) -> None:
        """In the form that Django shows in the language of whoever reads the history."""
        self.log_change(request, upload, [{what: {"name": gettext_noop("taking over"), "object": str(upload)}}])


def _may(request: HttpRequest) -> None:
    if not request.user.has_perm("programme.add_import"):
        raise PermissionDenied


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _moment(upload: Import, value):
    return date_format(timezone.localtime(value, upload.forum.zone), "j N Y, H:i")
