"""The one place that knows who may see and change what. What you may not see does not exist for you."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from reader.models import (
    Annotation,
    AnnotationVersion,
    ApiToken,
    Article,
    Card,
    Member,
    Proposal,
    ReadingGroup,
    Scope,
    Status,
    Visibility,
)

Person = Member | AnonymousUser


def person_of(request: HttpRequest, scope: str = Scope.READ) -> Person:
    """Who asks a program's door: by `Authorization: Bearer`, else by session; AnonymousUser where neither holds.

    A token that is unknown, revoked or expired is nobody's. For views that are exempt from the CSRF middleware:
    raises PermissionDenied, with a sentence, when a session asks to change something without the CSRF token
    (a page elsewhere could have sent that), or when a token does not allow `scope`.
    """
    value = bearer_of(request)
    if value is None:
        return _person_of_session(request)
    token = ApiToken.objects.shown(value)
    if token is None:
        return AnonymousUser()
    if not token.allows(scope):
        raise PermissionDenied(_("This token only reads. Make one that also writes, and use that."))
    token.note_use()
    return token.member


def person_has_gone(request: HttpRequest) -> bool:
    """True when the account of who asks was closed since the request began."""
    value = bearer_of(request)
    if value is not None:
        return ApiToken.objects.shown(value) is None
    return request.user.is_authenticated and not Member.objects.filter(pk=request.user.pk).exists()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy, what the proxy nearest to us has seen. Empty when nobody can say."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


def bearer_of(request: HttpRequest) -> str | None:
    """The token that was sent, whatever it is worth; None where another kind of log-in was sent, or none."""
    kind, _space, value = request.headers.get("Authorization", "").strip().partition(" ")
    return value.strip() if kind.lower() == "bearer" else None


def _person_of_session(request: HttpRequest) -> Person:
    if request.user.is_authenticated and request.method not in {"GET", "HEAD", "OPTIONS", "TRACE"}:
        check = CsrfViewMiddleware(lambda _request: HttpResponse())
        check.process_request(request)
        if check.process_view(request, _any_view, (), {}) is not None:
            raise PermissionDenied(_("With a session, send the CSRF token as X-CSRFToken; or use an API token."))
    return request.user


def _any_view(request: HttpRequest) -> HttpResponse:
    """Stands for a view that is not exempt."""
    return HttpResponse()


def annotation_to_read(person: Person, uid: str) -> Annotation:
    """The note, if `person` may see it. Raises Http404 otherwise."""
    return get_object_or_404(Annotation.objects.readable_by(person).with_versions(), uid=uid)


def annotation_to_edit(person: Person, uid: str) -> Annotation:
    """The note, if it is theirs to change. Raises Http404 otherwise."""
    return get_object_or_404(Annotation.objects.editable_by(person).with_versions(), uid=uid)


def annotation_to_restore(person: Person, uid: str) -> Annotation:
    """A withdrawn note of their own. Raises Http404 otherwise."""
    if not person.is_authenticated:
        raise Http404
    withdrawn = Annotation.objects.filter(author=person, latest__status=Status.WITHDRAWN)
    return get_object_or_404(withdrawn.with_versions(), uid=uid)


def annotation_is_gone(person: Person, uid: str) -> bool:
    """True for a withdrawn note that `person` could once see: everyone when it had been public."""
    withdrawn = Annotation.objects.filter(uid=uid, latest__status=Status.WITHDRAWN, published__isnull=True)
    in_trail = (Q(events__before=Status.APPROVED) | Q(events__after=Status.APPROVED)) & Q(events__group_uid="")
    in_versions = Q(versions__status=Status.APPROVED, versions__visibility=Visibility.PUBLIC)
    once_public = withdrawn.filter(in_trail | in_versions, visibility=Visibility.PUBLIC)
    return once_public.exists() or withdrawn.readable_by(person).exists()


def annotation_to_moderate(person: Person, uid: str) -> Annotation:
    """A note that was written for everyone, for moderators. Raises Http404 otherwise."""
    note = annotation_to_read(person, uid)
    if not (note.is_public and decides_on(note, person)):
        raise Http404
    return note


def annotation_to_decide_in(group: ReadingGroup, person: Person, uid: str) -> Annotation:
    """A note of the group, for its owner. Raises Http404 otherwise."""
    note = annotation_to_read(person, uid)
    if note.group_id != group.pk or not decides_on(note, person):
        raise Http404
    return note


def group_to_read(person: Person, uid: str) -> ReadingGroup:
    """A group that `person` is in. Raises Http404 otherwise: for others there is no such group."""
    return get_object_or_404(ReadingGroup.objects.of(person).select_related("owner"), uid=uid)


def group_to_keep(person: Person, uid: str) -> ReadingGroup:
    """A group that `person` owns. Raises Http404 otherwise."""
    group = group_to_read(person, uid)
    if group.owner_id != person.pk:
        raise Http404
    return group


def group_to_join(token: str) -> ReadingGroup:
    """The open group that a link leads into, for whoever has the link. Raises Http404 otherwise."""
    return get_object_or_404(ReadingGroup.objects.select_related("owner"), join_token=token)


def article_to_read(slug: str) -> Article:
    """An article that has a text: everyone may read it. Raises Http404 otherwise."""
    return get_object_or_404(Article.objects.published().select_related("current"), slug=slug)


def article_to_edit(person: Person, slug: str) -> Article:
    """An article that has a text, for editors. Raises Http404 otherwise."""
    if not can_edit(person):
        raise Http404
    return article_to_read(slug)


def annotation_to_place(person: Person, uid: str) -> Annotation:
    """A note with words of its own: its author and editors may say where they are. Raises Http404 otherwise."""
    note = annotation_to_read(person, uid)
    if note.start is None or not (can_edit(person) or note.author_id == getattr(person, "pk", None)):
        raise Http404
    return note


def can_moderate(person: Person) -> bool:
    """True for moderators whose account is active."""
    return bool(person.is_authenticated and person.is_moderator)


def decides_on(annotation: Annotation, person: Person) -> bool:
    """Who sees what waits of a note and decides on it: moderators, of a group's note its owner, else nobody."""
    if annotation.group:
        return bool(person.is_authenticated and annotation.group.owner_id == person.pk)
    return annotation.is_public and can_moderate(person)


def versions_to_read(annotation: Annotation, person: Person) -> QuerySet[AnnotationVersion]:
    """Wordings of a note the person may read already: the author all, others the approved ones.

    Moderators also read what was submitted to them, owners of groups what was to them. Nobody but the author reads
    what was written for fewer people than see the note now.
    """
    versions = annotation.versions.all()
    if person.is_authenticated and annotation.author_id == person.pk:
        return versions
    approved = Q(status=Status.APPROVED)
    submitted = Q(number__in=annotation.events.filter(version__isnull=False).values("version"))
    written_for_them = versions.filter(visibility=annotation.visibility)
    return written_for_them.filter(approved | submitted if decides_on(annotation, person) else approved)


def proposal_to_read(person: Person, uid: str) -> Proposal:
    """A proposal, for its author and moderators. Raises Http404 otherwise."""
    return get_object_or_404(Proposal.objects.readable_by(person).with_subjects(), uid=uid)


def proposal_to_edit(person: Person, uid: str) -> Proposal:
    """One's own proposal that nobody has accepted or put away. Raises Http404 otherwise."""
    return get_object_or_404(Proposal.objects.editable_by(person).with_subjects(), uid=uid)


def proposal_to_moderate(person: Person, uid: str) -> Proposal:
    """Any proposal, for moderators. Raises Http404 otherwise."""
    if not can_moderate(person):
        raise Http404
    return proposal_to_read(person, uid)


def card_to_keep(person: Person, slug: str) -> Card:
    """A card, for editors. Raises Http404 otherwise."""
    if not can_edit(person):
        raise Http404
    return get_object_or_404(Card, slug=slug)


def can_edit(person: Person) -> bool:
    """True for editors whose account is active: they keep texts, cards and references."""
    return bool(person.is_authenticated and person.is_editor)


def shown_version(annotation: Annotation, person: Person) -> AnnotationVersion | None:
    """The wording `person` is shown: authors and who decides on it the newest, everyone else the approved one.

    A wording put away as spam is shown to nobody while an approved one stands.
    None when there is nothing they may read (a withdrawn note that only keeps its thread together).
    """
    is_own = person.is_authenticated and annotation.author_id == person.pk
    sees_waiting = is_own or decides_on(annotation, person)
    if annotation.is_private and not is_own:
        return None
    put_away = annotation.latest is not None and annotation.latest.status == Status.SPAM
    if put_away and annotation.published is not None:
        return annotation.published
    return annotation.latest if sees_waiting else annotation.published


def shown_field(person: Person, name: str) -> Case:
    """In SQL, the field `name` of the wording that `shown_version` gives: for searching and sorting notes.

    NULL where it gives none. Whoever searches by this finds nothing in words they are not shown.
    """
    own = Q(author=person) if person.is_authenticated else Q(pk__isnull=True)
    sees_waiting = (own | Q(group__owner=person)) if person.is_authenticated else own
    if can_moderate(person):
        sees_waiting |= Q(visibility=Visibility.PUBLIC)
    return Case(
        When(Q(visibility=Visibility.PRIVATE) & ~own, then=None),
        When(latest__status=Status.SPAM, published__isnull=False, then=F(f"published__{name}")),
        When(sees_waiting, then=F(f"latest__{name}")),
        default=F(f"published__{name}"),
    )
