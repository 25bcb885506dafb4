"""What somebody was told, by which way they want to be told, and what they follow."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from reader.formats.foreign import a_moment
from reader.models import Delivery, Kind, Member, Notification
from reader.models.telling import FOR_MODERATORS
from reader.operations import following, telling
from reader.operations.mailing import address_of, read_unsubscribe_token
from reader.views.uploads import sent

A_PAGE = 30


class WaysForm(forms.Form):
    """By which way each kind reaches its person; what only moderators are told is theirs to choose."""

    def __init__(self, data=None, *, member: Member) -> None:
        super().__init__(data)
        for kind, way in telling.ways_of(member).items():
            if member.is_moderator or kind not in FOR_MODERATORS:
                self.fields[kind] = forms.ChoiceField(label=Kind(kind).label, choices=_ways(kind), initial=way)


def _ways(kind: str) -> list[tuple[str, str]]:
    """The summary of what waits is a mail and nothing else: the queue itself is the page."""
    if kind == Kind.WAITING:
        names = {Delivery.DAILY: _("in a daily mail"), Delivery.WEEKLY: _("in a weekly mail")}
        return [*((str(way), name) for way, name in names.items()), (str(Delivery.PAGE), _("not at all"))]
    return [(str(way.value), str(way.label)) for way in Delivery]


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """The list, unread first; then what one follows."""
    rows = Notification.objects.holding(request.user).with_subjects()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "follows": following.followed_by(request.user)}
    context["newest_unread"] = rows.unread().aggregate(at=Max("at"))["at"]
    return render(request, "reader/notifications.html", context)


@login_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """The one named by `id`; or all `until` a time, so that what has come since the page was made stays unread."""
    ids = [int(pk) for pk in request.POST.getlist("id") if pk.isdecimal() and len(pk) < 19]
    telling.mark_read(request.user, ids=ids)
    until = a_moment(request.POST.get("until", ""))
    if until:
        telling.mark_all_read(request.user, until=until)
    return redirect("reader:notifications")


@login_required
@require_safe
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """To what it is about; it is read then. What does not hold any more is not there."""
    row = get_object_or_404(Notification.objects.holding(request.user).with_subjects(), pk=pk)
    telling.mark_read(request.user, ids=[row.pk])
    return redirect(row.get_absolute_url())


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """By which way each kind reaches one."""
    form = WaysForm(sent(request), member=request.user)
    if request.method == "POST" and form.is_valid():
        telling.choose(request.user, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("reader:notification_preferences")
    context = {"form": form, "address": address_of(request.user), "mails": settings.CAN_SEND_MAIL}
    return render(request, "reader/notification_preferences.html", context, status=422 if form.errors else 200)


@login_required
def follow(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Follow it, or with `act=stop` stop; asked for as a page it says how it stands, with the button."""
    target = following.target_of(kind, name, person=request.user)
    if request.method != "POST":
        context = {"target": target, "following": following.is_following(request.user, target.fields)}
        return render(request, "reader/notifications_follow.html", context)
    if request.POST.get("act") == "stop":
        following.unfollow(request.user, target)
        messages.success(request, _("You do not follow %s any more.") % target.title)
    else:
        following.follow(request.user, target)
        messages.success(request, _("You follow %s. What is new is told to you once it is public.") % target.title)
    return redirect(target.address)


@login_required
@require_POST
def stop_following(request: HttpRequest, pk: int) -> HttpResponse:
    """End one follow from one's list."""
    if not following.stop(request.user, pk):
        raise Http404
    messages.success(request, _("You do not follow it any more."))
    return redirect("reader:notifications")


@csrf_exempt  # mail programs send it without a cookie (RFC 8058); the signed address is the proof
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails that the address names. Without a log-in; only a POST changes anything."""
    try:
        member, what = read_unsubscribe_token(token)
    except (BadSignature, Member.DoesNotExist, ValueError, TypeError) as error:
        raise Http404 from error
    done = request.method == "POST"
    if done:
        telling.end_mails(member, what)
    context = {"done": done, "about": Kind(what).label if what in Kind.values else ""}
    response = render(request, "reader/notifications_unsubscribe.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
