"""Reading groups: mine, one of them, coming in, going out, running one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reader import access
from reader.forms_groups import GroupForm, InviteForm
from reader.models import Annotation, Article, Invitation, Member, ReadingGroup
from reader.operations import groups as acts
from reader.operations.errors import ReaderError
from reader.views.uploads import sent
from reader.views.wordings import tell_changes

NOTES_A_PAGE = 30
MEMBERS_A_PAGE = 100


@login_required
@require_safe
def my_groups(request: HttpRequest) -> HttpResponse:
    """The groups one is in, and invitations that wait for an answer."""
    mine = ReadingGroup.objects.of(request.user).select_related("owner").annotate(people=Count("memberships"))
    invitations = Invitation.objects.filter(member=request.user).select_related("group", "by")
    return render(request, "reader/groups.html", {"groups": mine, "invitations": invitations})


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """A new group of one's own."""
    form = GroupForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made: list[ReadingGroup] = []
        if _try(form, lambda: made.append(acts.start(owner=request.user, **form.cleaned_data))):
            messages.success(request, _("The group is there. Invite people, or give them the link."))
            return redirect("reader:group_members", made[0].uid)
    return render(request, "reader/group_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def group(request: HttpRequest, uid: str) -> HttpResponse:
    """What the group reads and writes, text by text; for its owner also what is to be looked at."""
    found = access.group_to_read(request.user, uid)
    notes = Annotation.objects.readable_by(request.user).listed().filter(group=found)
    articles = list(Article.objects.filter(annotations__in=notes).annotate(n=Count("annotations")).order_by("title"))
    asked = next((each for each in articles if each.slug == request.GET.get("article")), None)
    shown = notes.filter(article=asked) if asked else notes
    in_text = [
        "article__title",
        "article",
        Coalesce("thread__start", "start"),
        Coalesce("thread", "pk"),
        "created",
        "pk",
    ]
    ordered = shown.with_versions().order_by(*in_text)
    page = Paginator(ordered, NOTES_A_PAGE).get_page(request.GET.get("page"))
    for note in page:
        note.shown = access.shown_version(note, request.user)
    tell_changes(page.object_list)
    context = {
        "group": found, "page": page, "articles": articles, "asked": asked, "is_owner": found.owner == request.user,
        "to_look_at": _to_look_at(found, request.user), "people": found.memberships.count(),
    }  # fmt: skip
    return render(request, "reader/group.html", context)


def _to_look_at(found: ReadingGroup, person: access.Person) -> list[Annotation]:
    """For the owner: what waits, and what members flagged, oldest first."""
    if found.owner_id != person.pk:
        return []
    notes = Annotation.objects.filter(group=found).to_decide_in_a_group()
    return list(notes.select_related("author", "article", "latest", "published").order_by("latest__created")[:50])


@login_required
@require_safe
def members(request: HttpRequest, uid: str) -> HttpResponse:
    """Who is in the group; for its owner also who is invited, and ways to bring people in and out."""
    return _members(request, access.group_to_read(request.user, uid), InviteForm())


def _members(request: HttpRequest, found: ReadingGroup, form: InviteForm) -> HttpResponse:
    rows = found.memberships.select_related("member")
    page = Paginator(rows, MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    is_owner = found.owner == request.user
    invitations = found.invitations.select_related("member") if is_owner else []
    context = {"group": found, "page": page, "form": form, "is_owner": is_owner, "invitations": invitations}
    return render(request, "reader/group_members.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def invite(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask somebody in by user name, or take that back."""
    found = access.group_to_keep(request.user, uid)
    if "take-back" in request.POST:
        name = request.POST["take-back"].replace("\x00", "")  # PostgreSQL cannot even look for NUL
        invited = get_object_or_404(Member, username=name, invitations__group=found)
        acts.take_back(found, invited)
        messages.success(request, _("The invitation is taken back."))
        return redirect("reader:group_members", uid)
    form = InviteForm(request.POST)
    said: list[bool] = []
    if form.is_valid() and _try(form, lambda: said.append(acts.invite(found, form.member, by=request.user))):
        words = _("%s is invited and told.") if said[0] else _("%s is in the group or invited already.")
        messages.success(request, words % form.member.name)
        return redirect("reader:group_members", uid)
    return _members(request, found, form)


@login_required
@require_POST
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Accept or decline an invitation."""
    found = get_object_or_404(ReadingGroup, uid=uid, invitations__member=request.user)
    if request.POST.get("answer") == "accept":
        return _act(request, lambda: acts.accept(found, by=request.user), _("You are in the group."), found)
    return _act(request, lambda: acts.decline(found, by=request.user), _("You declined the invitation."))


@never_cache
@login_required
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What the link leads into; POST goes in."""
    found = access.group_to_join(token)
    if request.method == "POST":
        done = _("You are in the group.")
        return _act(request, lambda: acts.join(found, token=token, by=request.user), done, found)
    if ReadingGroup.objects.of(request.user).filter(pk=found.pk).exists():
        return redirect(found)
    return render(request, "reader/group_join.html", {"group": found, "people": found.memberships.count()})


@login_required
def settings(request: HttpRequest, uid: str) -> HttpResponse:
    """Name, purpose, and how people and notes come in."""
    found = access.group_to_keep(request.user, uid)
    form = GroupForm(sent(request), instance=found, initial={"is_open": found.is_open})
    if request.method == "POST" and form.is_valid() and _try(form, lambda: acts.change(found, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "reader/group_form.html", {"form": form, "group": found}, status=422 if form.errors else 200)


@login_required
@require_POST
def renew_link(request: HttpRequest, uid: str) -> HttpResponse:
    """The old link leads nowhere any more."""
    found = access.group_to_keep(request.user, uid)
    done = _("This is the new link. The old one leads nowhere any more.")
    return _act(request, lambda: acts.renew_link(found), done, found, "reader:group_members")


@login_required
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    """Asks first."""
    found = access.group_to_read(request.user, uid)
    if request.method == "POST":
        return _act(request, lambda: acts.leave(found, by=request.user), _("You have left the group."))
    is_last = not found.memberships.exclude(member=request.user).exists()
    must_stay = found.owner == request.user and not is_last
    context = {"group": found, "act": "leave", "must_stay": must_stay, "is_last": is_last}
    return render(request, "reader/group_confirm.html", context)


@login_required
def close(request: HttpRequest, uid: str) -> HttpResponse:
    """Asks first."""
    found = access.group_to_keep(request.user, uid)
    if request.method == "POST":
        done = _("The group is closed. Its notes are their authors’ alone now.")
        return _act(request, lambda: acts.close(found, by=request.user), done)
    return render(request, "reader/group_confirm.html", {"group": found, "act": "close"})


@login_required
def remove(request: HttpRequest, uid: str, username: str) -> HttpResponse:
    """Asks first; then puts a member out."""
    found, member = _group_and_member(request, uid, username)
    if request.method == "POST":
        done = _("%s is not in the group any more.") % member.name
        out: Callable[[], Any] = lambda: acts.remove(found, member, by=request.user)  # noqa: E731
        return _act(request, out, done, found, "reader:group_members")
    return render(request, "reader/group_confirm.html", {"group": found, "act": "remove", "member": member})


@login_required
def hand_over(request: HttpRequest, uid: str, username: str) -> HttpResponse:
    """Asks first; then makes a member the owner."""
    found, member = _group_and_member(request, uid, username)
    if request.method == "POST":
        done = _("%s is the owner of the group now.") % member.name
        return _act(request, lambda: acts.hand_over(found, to=member), done, found)
    return render(request, "reader/group_confirm.html", {"group": found, "act": "hand-over", "member": member})


def _group_and_member(request: HttpRequest, uid: str, username: str) -> tuple[ReadingGroup, Member]:
    """One's own group and another member of it. Raises Http404 otherwise."""
    found = access.group_to_keep(request.user, uid)
    others = Member.objects.filter(~Q(pk=request.user.pk), memberships__group=found)
    return found, get_object_or_404(others, username=username)


def _act(
    request: HttpRequest, act: Callable[[], Any], done: str, found: ReadingGroup | None = None, to: str = "reader:group"
) -> HttpResponse:
    """Carry out an act, say how it went, and go on to the group, or to one's groups where one is in none."""
    try:
        act()
    except ReaderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    is_in = found and ReadingGroup.objects.of(request.user).filter(pk=found.pk).exists()
    return redirect(to, found.uid) if found and is_in else redirect("reader:groups")


def _try(form: Any, act: Callable[[], Any]) -> bool:
    """Run an operation; a refusal becomes the form's error."""
    try:
        act()
    except ReaderError as error:
        form.add_error(None, str(error))
        return False
    return True
