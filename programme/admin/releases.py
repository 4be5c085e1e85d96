from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from people.editing import PortalAdmin, ReadOnly
from people.models import User
from schedule.models import Forum

from ..compare import compare
from ..concept_paper.outdated import outdated
from ..draft import draft
from ..forms import PublishForm, WithdrawForm
from ..models import Release
from ..readable import Subject, subjects
from ..services import PublishError, propose, publish, withdraw
from ..snapshot import load
from ..translations import TARGETS, count_lacking, missing, pages


@admin.register(Release)
class ReleaseAdmin(ReadOnly, PortalAdmin):
    """Releases are looked at, made and withdrawn; never edited or deleted."""

    list_display = ["title", "forum", "note", "created_by", "is_in_view"]
    list_filter = ["forum"]
    search_fields = ["note"]
    ordering = ["-created_at"]
    fields = ["forum", "number", "published", "created_by", "note", "digest", "withdrawn"]
    readonly_fields = ["published", "withdrawn"]
    change_list_template = "admin/programme/releases.html"
    change_form_template = "admin/programme/release.html"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("snapshot").select_related("forum", "created_by", "withdrawal")

    @admin.display(description=_("release"), ordering="number")
    def title(self, release):
        return _("%(number)d, of %(when)s") % {"number": release.number, "when": self.published(release)}

    @admin.display(description=_("published at"), ordering="created_at")
    def published(self, release):
        return date_format(timezone.localtime(release.created_at, release.forum.zone), "j N Y, H:i")

    @admin.display(description=_("in view"))
    def is_in_view(self, release):
        return _("No") if hasattr(release, "withdrawal") else _("Yes")

    @admin.display(description=_("withdrawn"))
    def withdrawn(self, release):
        withdrawal = getattr(release, "withdrawal", None)
        if withdrawal is None:
            return _("No")
        return _("%(when)s by %(who)s: %(why)s") % {
            "when": date_format(timezone.localtime(withdrawal.withdrawn_at, release.forum.zone), "j N Y, H:i"),
            "who": withdrawal.withdrawn_by or "–",
            "why": withdrawal.reason,
        }

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("publish/", wrap(self.publish_view), name="programme_release_publish"),
            path("translations/", wrap(self.translations_view), name="programme_release_translations"),
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name="programme_release_withdraw"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        release = self.get_object(request, object_id) if object_id else None
        extra = {"subjects": _since_the_one_before(release)} if release else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("programme.publish"):
            raise PermissionDenied
        forum = _forum(request)
        form = PublishForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                release = publish(
                    forum=forum,
                    by=cast(User, request.user),
                    note=form.cleaned_data["note"],
                    base=form.cleaned_data["base"],
                    seen=form.cleaned_data["seen"],
                    sessions=form.chosen,
                )
            except PublishError as error:
                form.add_error(None, str(error))
            else:
                self.log_addition(request, release, [{"added": {}}])
                messages.success(request, _("Release %(number)d is published.") % {"number": release.number})
                return HttpResponseRedirect(reverse("admin:programme_release_change", args=[release.pk]))
        proposal = propose(forum=forum)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish the programme"),
            "opts": self.opts,
            "forum": forum,
            "form": form,
            "proposal": proposal,
            "subjects": subjects(proposal.changes, proposal.before, proposal.programme),
            "lacking": count_lacking(proposal.programme),
            "ticked": set(form.data.getlist("sessions")) if form.is_bound else None,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/programme/publish.html", context)

    def translations_view(self, request: HttpRequest) -> HttpResponse:
        """What the draft lacks in each language, with the pages where it is written."""
        if not request.user.has_perm("programme.preview"):
            raise PermissionDenied
        forum = _forum(request)
        programme = draft(forum)
        chosen = request.GET.get("lacking", "")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Missing translations"),
            "opts": self.opts,
            "forum": forum,
            "counts": count_lacking(programme),
            "outdated": outdated(forum, languages=[chosen] if chosen in TARGETS else list(TARGETS)),
            "chosen": chosen if chosen in TARGETS else "",
            **missing(programme, pages(forum), languages=[chosen] if chosen in TARGETS else list(TARGETS)),
        }
        return TemplateResponse(request, "admin/programme/translations.html", context)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("programme.publish"):
            raise PermissionDenied
        release = get_object_or_404(self.get_queryset(request), pk=pk)
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                withdraw(release=release, by=cast(User, request.user), reason=form.cleaned_data["reason"])
            except PublishError as error:
                form.add_error(None, str(error))
            else:
                said = {"name": gettext_noop("withdrawal"), "object": str(release.number)}
                self.log_change(request, release, [{"added": said}])
                messages.success(request, _("Release %(number)d is out of view.") % {"number": release.number})
                return HttpResponseRedirect(reverse("admin:programme_release_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw release %(number)d") % {"number": release.number},
            "opts": self.opts,
            "release": release,
            "form": form,
        }
        return TemplateResponse(request, "admin/programme/withdraw.html", context)


def _forum(request: HttpRequest) -> Forum:
    """The forum named in the address, else the current one."""
    slug = request.GET.get("forum")
    return get_object_or_404(Forum, slug=slug) if slug else get_object_or_404(Forum, is_current=True)


def _since_the_one_before(release: Release) -> list[Subject]:
    """Against the one that it was published over: what was withdrawn before that does not count."""
    older = Release.objects.filter(forum=release.forum_id, number__lt=release.number)
    before = older.exclude(withdrawal__withdrawn_at__lt=release.created_at).newest_first().first()
    if before is None:
        return []
    old, new = load(before.snapshot), load(release.snapshot)
    return subjects(compare(old, new), old, new)
