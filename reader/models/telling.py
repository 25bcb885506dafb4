"""What people follow, what they are told, and by which way."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from reader.models.annotations import Annotation, AnnotationVersion, Placement, Status, Visibility
from reader.models.articles import Article, Revision
from reader.models.cards import Card
from reader.models.groups import Invitation, Membership, ReadingGroup
from reader.models.proposals import Proposal
from reader.models.standing import Sanction


class Kind(models.TextChoices):
    """What somebody can be told."""

    DECIDED = "decided", _("A moderator decided on my note or proposal")
    REPLIED = "replied", _("Somebody replied to my note")
    FOLLOWED = "followed", _("A new note on what I follow")
    CORRECTED = "corrected", _("A card that I follow is corrected")
    REVISED = "revised", _("A revision changed the words of my note, or took them away")
    STANDING = "standing", _("A warning, a suspension or a ban, and its end")
    GROUP_NOTE = "group-note", _("A new note in a reading group of mine")
    INVITED = "invited", _("Somebody invites me to a reading group")
    MEMBERSHIP = "membership", _("I become the owner of a group, am removed from one, or one is closed")
    OVERDUE = "overdue", _("Something waits too long for a moderator")
    WAITING = "waiting", _("What waits for a moderator, in one summary")


class Delivery(models.TextChoices):
    """By which way."""

    PAGE = "page", _("on the page")
    AT_ONCE = "at-once", _("on the page and by mail at once")
    DAILY = "daily", _("on the page and in a daily mail")
    WEEKLY = "weekly", _("on the page and in a weekly mail")
    OFF = "off", _("not at all")


class Outcome(models.TextChoices):
    """What happened, where a kind has several."""

    APPROVED = "approved", _("approved")
    EDITED = "edited", _("changed and approved")
    REJECTED = "rejected", _("not accepted")
    UPHELD = "upheld", _("not accepted, after your answer")
    RETURNED = "returned", _("sent back to be revised")
    UNDONE = "undone", _("decision taken back")
    SHOWN_AGAIN = "shown-again", _("public again")
    CHANGED = "changed", _("the wording changed")
    LOST = "lost", _("its words are gone")
    WARNING = "warning", _("warning")
    SUSPENSION = "suspension", _("suspension")
    BAN = "ban", _("ban")
    LIFTED = "lifted", _("lifted")
    OWNER = "owner", _("became its owner")
    REMOVED = "removed", _("removed")
    CLOSED = "closed", _("closed")


NEWS = [Kind.REPLIED, Kind.FOLLOWED, Kind.GROUP_NOTE]
FOR_MODERATORS = [Kind.OVERDUE, Kind.WAITING]
USUALLY = {
    Kind.DECIDED: Delivery.AT_ONCE,
    Kind.REPLIED: Delivery.AT_ONCE,
    Kind.FOLLOWED: Delivery.DAILY,
    Kind.CORRECTED: Delivery.DAILY,
    Kind.REVISED: Delivery.DAILY,
    Kind.STANDING: Delivery.AT_ONCE,
    Kind.GROUP_NOTE: Delivery.DAILY,
    Kind.INVITED: Delivery.AT_ONCE,
    Kind.MEMBERSHIP: Delivery.AT_ONCE,
    Kind.OVERDUE: Delivery.AT_ONCE,
    Kind.WAITING: Delivery.DAILY,
}


class Preference(models.Model):
    """By which way one person wants one kind; without a row it is as USUALLY says."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="telling_preferences")
    kind = models.CharField(max_length=10, choices=Kind)
    delivery = models.CharField(max_length=10, choices=Delivery)
    sent = models.DateTimeField(null=True, blank=True, help_text=_("The last summary of what waits."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="preference_once_a_kind")]
        verbose_name = _("way of being told")
        verbose_name_plural = _("ways of being told")

    def __str__(self):
        return f"{self.member.username}: {self.kind} {self.delivery}"


class Follow(models.Model):
    """One person wants to hear of new notes on one thing. A passage is a paragraph, by its key."""

    TARGETS = ("article", "card", "tag", "person", "thread")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    paragraph = models.CharField(max_length=32, blank=True, help_text=_("Key of a paragraph of the article."))
    card = models.ForeignKey(Card, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="followed_by"
    )
    thread = models.ForeignKey(Annotation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "article", "paragraph"],
                condition=Q(article__isnull=False),
                name="follow_article_once",
            ),
            models.UniqueConstraint(
                fields=["member", "card"], condition=Q(card__isnull=False), name="follow_card_once"
            ),
            models.UniqueConstraint(fields=["member", "tag"], condition=Q(tag__isnull=False), name="follow_tag_once"),
            models.UniqueConstraint(
                fields=["member", "person"], condition=Q(person__isnull=False), name="follow_person_once"
            ),
            models.UniqueConstraint(
                fields=["member", "thread"], condition=Q(thread__isnull=False), name="follow_thread_once"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=False, card=None, tag=None, person=None, thread=None)
                | Q(card__isnull=False, article=None, paragraph="", tag=None, person=None, thread=None)
                | Q(tag__isnull=False, article=None, paragraph="", card=None, person=None, thread=None)
                | Q(person__isnull=False, article=None, paragraph="", card=None, tag=None, thread=None)
                | Q(thread__isnull=False, article=None, paragraph="", card=None, tag=None, person=None),
                name="follow_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | ~Q(person=F("member")), name="follow_is_not_of_oneself"
            ),
        ]
        verbose_name = _("follow")
        verbose_name_plural = _("follows")

    def __str__(self):
        return f"{self.member_id} → {[name for name in self.TARGETS if getattr(self, f'{name}_id')]}"


class Announcement(models.Model):
    """That a note was told of to those who may see it: once for each audience, whatever becomes of it later."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="announcements")
    audience = models.CharField(max_length=30, help_text=_("Annotation.audience when it was told."))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation", "audience"], name="announcement_once_an_audience")]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self):
        return f"{self.annotation_id} to {self.audience}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """What was told, and what of it still holds."""

    def holding(self, person: Any) -> "NotificationQuerySet":
        """Those of `person` that are true and that they may see now.

        News of a note that is not public any more, of a decision taken back, of words that were found again, of
        something that waits no longer: not among them, until it is so again.
        """
        mine = self.filter(recipient=person)
        readable = Q(annotation__isnull=True) | Q(annotation__in=Annotation.objects.readable_by(person))
        return mine.filter(readable).filter(_still_so(person))

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read__isnull=True)

    def with_subjects(self) -> "NotificationQuerySet":
        """All that a line about each of them needs."""
        return self.select_related(
            "annotation__author", "annotation__article", "annotation__published", "annotation__thread", "version",
            "sanction", "recipient", "revision", "proposal__card", "group",
        )  # fmt: skip


def _still_so(person: Any) -> Q:
    there = Placement.objects.filter(
        annotation=OuterRef("annotation"), revision=OuterRef("revision"), state=OuterRef("outcome")
    )
    decided = (
        Q(outcome__in=[Outcome.APPROVED, Outcome.EDITED], version__status=Status.APPROVED)
        | Q(outcome__in=[Outcome.REJECTED, Outcome.UPHELD], version__status=Status.REJECTED)
        | Q(outcome=Outcome.RETURNED, version__status=Status.RETURNED)
        | Q(outcome=Outcome.SHOWN_AGAIN, version__status=Status.APPROVED)
        | Q(outcome=Outcome.UNDONE, version__status=Status.PENDING, annotation__latest=F("version"))
    )
    decided |= (
        Q(outcome__in=[Outcome.APPROVED, Outcome.EDITED], proposal__status=Status.APPROVED)
        | Q(outcome__in=[Outcome.REJECTED, Outcome.UPHELD], proposal__status=Status.REJECTED)
        | Q(outcome=Outcome.RETURNED, proposal__status=Status.RETURNED)
        | Q(outcome=Outcome.UNDONE, proposal__status=Status.PENDING)
    )
    so = Q(kind__in=NEWS, annotation__published__isnull=False) | (Q(kind=Kind.DECIDED) & decided)
    so |= Q(kind=Kind.CORRECTED, proposal__status=Status.APPROVED, proposal__card__isnull=False)
    so |= (Q(kind=Kind.REVISED) & Exists(there)) | Q(kind=Kind.STANDING) | _still_so_of_groups(person)
    if person.is_moderator:
        so |= Q(kind=Kind.OVERDUE, version__status=Status.PENDING, annotation__latest=F("version"))
        so |= Q(kind=Kind.OVERDUE, proposal__status=Status.PENDING)
    return so


def _still_so_of_groups(person: Any) -> Q:
    here = {"group": OuterRef("group"), "member": person}
    invited, is_in = Exists(Invitation.objects.filter(**here)), Exists(Membership.objects.filter(**here))
    changed = Q(outcome=Outcome.CLOSED) | Q(outcome=Outcome.OWNER, group__owner=person) | Q(outcome=Outcome.REMOVED)
    return (Q(kind=Kind.INVITED) & invited) | (
        Q(kind=Kind.MEMBERSHIP) & changed & ~(Q(outcome=Outcome.REMOVED) & is_in)
    )


class Notification(models.Model):
    """One thing one person is told. `delivery` is their way for this kind when it happened."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    annotation = models.ForeignKey(
        Annotation, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    version = models.ForeignKey(AnnotationVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    sanction = models.ForeignKey(Sanction, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    proposal = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(ReadingGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.PAGE)
    at = models.DateTimeField()
    read = models.DateTimeField(null=True, blank=True)
    mailed = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = [F("read").desc(nulls_first=True), "-at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "read"], name="notification_by_reader"),
            models.Index(fields=["delivery", "mailed"], name="notification_by_mail"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "annotation"], condition=Q(kind__in=["replied", "followed", "group-note"]),
                name="notification_one_news_a_note",
            ),
            models.UniqueConstraint(
                fields=["recipient", "kind", "annotation", "version"], condition=Q(version__isnull=False),
                name="notification_once_a_version",
            ),
            models.UniqueConstraint(
                fields=["recipient", "annotation", "revision"], condition=Q(revision__isnull=False),
                name="notification_once_a_revision",
            ),
            models.UniqueConstraint(
                fields=["recipient", "sanction", "outcome"], condition=Q(sanction__isnull=False),
                name="notification_once_a_sanction",
            ),
            models.UniqueConstraint(
                fields=["recipient", "kind", "proposal"], condition=Q(proposal__isnull=False),
                name="notification_once_a_proposal",
            ),
            models.UniqueConstraint(
                fields=["recipient", "group", "kind", "outcome"], condition=Q(group__isnull=False),
                name="notification_once_a_group",
            ),
            models.CheckConstraint(
                condition=Q(annotation__isnull=False, sanction=None, proposal=None, group=None)
                | Q(sanction__isnull=False, annotation=None, proposal=None, group=None)
                | Q(proposal__isnull=False, annotation=None, sanction=None, group=None)
                | Q(group__isnull=False, annotation=None, sanction=None, proposal=None),
                name="notification_of_one_thing",
            ),
        ]  # fmt: skip
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")

    def __str__(self):
        return f"{self.recipient_id}: {self.kind} {self.outcome}"

    def get_absolute_url(self) -> str:
        """Where to read on."""
        if self.proposal is not None:
            if self.kind == Kind.CORRECTED and self.proposal.card:
                return reverse("reader:card_history", args=[self.proposal.card.slug])
            return self.proposal.get_absolute_url()
        if self.group:
            is_in = self.outcome == Outcome.OWNER
            return self.group.get_absolute_url() if is_in else reverse("reader:groups")
        if self.annotation is None:
            return reverse("reader:my_standing")
        if self.kind == Kind.OVERDUE:
            return reverse("reader:moderate", args=[self.annotation.uid])
        return self.annotation.get_absolute_url()

    @property
    def sentence(self) -> str:
        """What happened, in one sentence; names no words that anybody wrote in a note."""
        if self.proposal is not None:
            return str(OF_PROPOSALS[self.outcome or self.kind]) % {"name": self.proposal.about}
        said = str(SENTENCES[self.outcome or self.kind])
        if self.group:
            return said % {"group": " ".join(self.group.name.split())}
        if self.annotation is None:
            return f"{said}{self._until}"
        if self.kind == Kind.DECIDED and self.version and self.version.visibility == Visibility.GROUP:
            said = str(IN_A_GROUP.get(self.outcome, said))
        author = self.annotation.author
        name = author.name if author else _now("A former member")
        return said % {"name": " ".join(name.split()), "title": " ".join(self.annotation.article.title.split())}

    @property
    def _until(self) -> str:
        """The end of a suspension, as a sentence after the first."""
        if self.outcome != Outcome.SUSPENSION or self.sanction is None or self.sanction.until is None:
            return ""
        return " " + _now("It ends on %s.") % date_format(timezone.localtime(self.sanction.until), "j F Y, H:i")

    @property
    def words(self) -> str:
        """The wording it is about: of news the one everybody reads, of a decision the one decided."""
        if self.annotation is None:
            return ""
        if self.kind in NEWS:
            return self.annotation.published.body if self.annotation.published else ""
        return self.version.body if self.kind == Kind.DECIDED and self.version else ""

    @property
    def passage(self) -> str:
        """The words of the text that the note, or its thread, was written on."""
        if self.annotation is None:
            return ""
        return (self.annotation.thread or self.annotation).exact


SENTENCES = {
    Outcome.APPROVED: _("Your note on “%(title)s” was approved: everyone can read it."),
    Outcome.EDITED: _("A moderator changed your note on “%(title)s” and approved it."),
    Outcome.REJECTED: _("Your note on “%(title)s” was not accepted."),
    Outcome.UPHELD: _("Your answer about your note on “%(title)s” was read; the note is still not accepted."),
    Outcome.RETURNED: _("A moderator asks you to revise your note on “%(title)s”."),
    Outcome.UNDONE: _("The decision on your note on “%(title)s” was taken back: it waits for a moderator again."),
    Outcome.SHOWN_AGAIN: _("Your note on “%(title)s” is public again: the decision to take it down was taken back."),
    Outcome.CHANGED: _("A revision of “%(title)s” changed the words that your note is on."),
    Outcome.LOST: _("A revision of “%(title)s” took away the words that your note is on."),
    Outcome.WARNING: _("A moderator has warned you."),
    Outcome.SUSPENSION: _("A moderator has suspended you from writing public notes."),
    Outcome.BAN: _("A moderator has banned you from writing public notes."),
    Outcome.LIFTED: _("A moderator has lifted what stood against you."),
    Kind.REPLIED: _("%(name)s replied to your note on “%(title)s”."),
    Kind.FOLLOWED: _("%(name)s wrote a note on “%(title)s”."),
    Outcome.OWNER: _("You are the owner of the reading group “%(group)s” now."),
    Outcome.REMOVED: _("You were removed from the reading group “%(group)s”."),
    Outcome.CLOSED: _("The reading group “%(group)s” was closed. Your notes in it are yours alone now."),
    Kind.INVITED: _("You are invited to the reading group “%(group)s”."),
    Kind.GROUP_NOTE: _("%(name)s wrote a note on “%(title)s” for a reading group of yours."),
    Kind.OVERDUE: _("A note on “%(title)s” waits too long for a moderator."),
}
OF_PROPOSALS = {
    Outcome.APPROVED: _("What you proposed about “%(name)s” was accepted."),
    Outcome.EDITED: _("A moderator changed what you proposed about “%(name)s” and accepted it."),
    Outcome.REJECTED: _("What you proposed about “%(name)s” was not accepted."),
    Outcome.UPHELD: _("Your answer about what you proposed for “%(name)s” was read; it is still not accepted."),
    Outcome.RETURNED: _("A moderator asks you to revise what you proposed about “%(name)s”."),
    Outcome.UNDONE: _(
        "The decision on what you proposed about “%(name)s” was taken back: it waits for a moderator again."
    ),
    Kind.CORRECTED: _("The card “%(name)s”, which you follow, was corrected."),
    Kind.OVERDUE: _("A proposal about “%(name)s” waits too long for a moderator."),
}
IN_A_GROUP = {
    Outcome.APPROVED: _("Your note on “%(title)s” was approved: your reading group can read it."),
    Outcome.REJECTED: _("Your note on “%(title)s” was not accepted in your reading group."),
    Outcome.UPHELD: _("Your answer about your note on “%(title)s” was read; your reading group does not have it back."),
}
