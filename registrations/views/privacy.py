"""What is held about the reader: to read, to take along, to have erased; and what they decide about it."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.models import Person
from schedule.models import Forum

from ..forms.personal import ListingForm, NeedsForm, PhotographForm
from ..models import Delegate, ErasureRequest, Registration
from ..personal import as_file, held, subject
from ..services.erasing import ask_erasure, take_back_erasure
from ..services.membership import say_needs
from ..services.photographs import keep_photograph, may_see_photograph, remove_photograph
from .frame import Request, framed

UTC = ZoneInfo("UTC")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: Request) -> HttpResponse:
    """All that is held about the reader. POST says whether the name may stand in the published list."""
    person = request.user.person
    answer = person and {True: "yes", False: "no"}.get(person.may_be_listed)  # type: ignore[arg-type]
    form = ListingForm(request.POST if request.method == "POST" else None, initial={"may_be_listed": answer})
    if person and form.is_valid():
        person.may_be_listed = form.cleaned_data["may_be_listed"]
        person.save(update_fields=["may_be_listed"])
        messages.success(request, _("Your answer is kept."))
        return redirect("registrations:my-data")
    forum = Forum.objects.filter(is_current=True).first()
    found = held(subject(user=request.user), forum.zone if forum else UTC)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "is_delegate": bool(forum and Delegate.objects.of(request.user.person_id, forum).present().exists()),
        "asked": ErasureRequest.objects.filter(person=person, done_at=None).first() if person else None,
        "there": [one for one in found if one.records],
        "empty": [one.heading for one in found if not one.records],
    }
    return framed(request, "registrations/my_data.html", **context)


@never_cache
@require_safe
def my_data_file(request: Request) -> HttpResponse:
    content = as_file(held(subject(user=request.user), UTC), timezone.now())
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_erasure(request: Request) -> HttpResponse:
    """What erasure means, then asking for it, or taking the request back."""
    if request.method != "POST":
        held = Registration.objects.active().filter(person=request.user.person_id, attended_at=None)
        places = held.filter(person__isnull=False).count()
        return framed(request, "registrations/my_erasure.html", places=places)
    if "take_back" in request.POST:
        take_back_erasure(user=request.user)
        messages.success(request, _("Your request is taken back."))
    else:
        ask_erasure(user=request.user, now=timezone.now())
        messages.success(request, _("Your request is with the organisers."))
    return redirect("registrations:my-data")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_photograph(request: Request) -> HttpResponse:
    """The photograph for the badge: to see, to change, to take out."""
    person = get_object_or_404(Person, user=request.user)
    form = PhotographForm()
    if request.method == "POST":
        if "remove" in request.POST:
            remove_photograph(person=person)
            messages.success(request, _("Your photograph is gone."))
            return redirect("registrations:my-photograph")
        form = PhotographForm(request.POST, request.FILES)
        if form.is_valid():
            keep_photograph(person=person, picture=form.cleaned_data["photograph"])
            messages.success(request, _("Your photograph is kept."))
            return redirect("registrations:my-photograph")
    return framed(request, "registrations/my_photograph.html", person=person, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_needs(request: Request) -> HttpResponse:
    """What the reader needs at the current forum: to see, to change, to take out."""
    forum = get_object_or_404(Forum, is_current=True)
    member = Delegate.objects.of(request.user.person_id, forum).present().first()
    if member is None:
        raise Http404
    form = NeedsForm(request.POST if request.method == "POST" else None, initial={"needs": member.needs})
    if form.is_valid():
        say_needs(person=member.person, forum=forum, needs=form.cleaned_data["needs"])
        messages.success(request, _("Kept: what you need."))
        return redirect("registrations:my-data")
    return framed(request, "registrations/my_needs.html", form=form)


@never_cache
@require_safe
def photograph(request: Request, uuid: UUID) -> HttpResponse:
    """Of a person, to those who may see it; to others it is as if there were none."""
    person = get_object_or_404(Person.objects.exclude(photograph=""), uuid=uuid)
    if not may_see_photograph(request.user, person):
        raise Http404
    try:
        with person.photograph.open() as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    return response
