"""Reading groups: who comes in and goes out, what becomes of their notes, who is told."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from reader.models import (
    Annotation,
    Flag,
    Invitation,
    Kind,
    Leaving,
    Member,
    ModerationEvent,
    Notification,
    Outcome,
    ReadingGroup,
    Status,
    Visibility,
)
from reader.operations import annotating, flagging, groups, leaving, moderating, telling
from reader.operations.errors import AlreadyDecided, CannotDoThat, MayNotWrite, ReasonMissing
from reader.operations.standing import sanction
from tests.make import approved, fresh, group_note_in_state, make_group, make_note
from tests.people import make_member


@pytest.fixture
def group(people) -> ReadingGroup:
    """An open group: people.owner runs it, people.author and people.member are in it, people.former was."""
    return make_group(people)


def members_of(group: ReadingGroup) -> set[str]:
    return set(group.memberships.values_list("member__username", flat=True))


def readers_of(note: Annotation, people) -> set[str]:
    everyone = ["owner", "author", "member", "former", "stranger", "moderator", "editor"]
    return {name for name in everyone if Annotation.objects.readable_by(people[name]).filter(pk=note.pk).exists()}


def told(member: Member) -> list[tuple[str, str]]:
    return list(Notification.objects.holding(member).order_by("pk").values_list("kind", "outcome"))


# --- who is in it -------------------------------------------------------------------------------------


def test_a_group_has_an_owner_until_it_is_closed(group):
    assert members_of(group) == {"owner", "author", "member"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingGroup.objects.filter(pk=group.pk).update(owner=None)


def test_the_link_leads_in_until_it_is_renewed(group, people):
    given_away = group.join_token
    assert groups.join(group, token=given_away, by=people.stranger) is True
    assert groups.join(group, token=given_away, by=people.stranger) is False  # pressed twice
    groups.renew_link(group)
    with pytest.raises(groups.LinkEnded):
        groups.join(group, token=given_away, by=people.editor)
    assert members_of(group) == {"owner", "author", "member", "stranger"}


def test_closed_to_the_link_and_opened_again_a_group_has_another_link(group, people):
    given_away = group.join_token
    same = {"name": group.name, "description": "", "notes_wait": False}
    groups.change(group, is_open=False, **same)
    with pytest.raises(groups.LinkEnded):
        groups.join(group, token=given_away, by=people.stranger)
    groups.change(group, is_open=True, **same)
    group.refresh_from_db()
    assert group.join_token not in {None, given_away}


def test_somebody_invited_is_told_once_and_answers_once(group, people):
    assert groups.invite(group, people.stranger, by=people.owner) is True
    assert groups.invite(group, people.stranger, by=people.owner) is False
    assert told(people.stranger) == [(Kind.INVITED, "")]
    groups.accept(group, by=people.stranger)
    assert "stranger" in members_of(group)
    assert told(people.stranger) == []  # no news any more
    with pytest.raises(groups.NotInvited):
        groups.accept(group, by=people.stranger)
    assert groups.invite(group, people.stranger, by=people.owner) is False


@pytest.mark.parametrize("end", ["declined", "taken back"])
def test_an_invitation_that_ended_leads_nowhere(group, people, end):
    groups.invite(group, people.stranger, by=people.owner)
    if end == "declined":
        groups.decline(group, by=people.stranger)
    else:
        groups.take_back(group, people.stranger)
    with pytest.raises(groups.NotInvited):
        groups.accept(group, by=people.stranger)
    assert not Invitation.objects.exists()


def test_who_may_not_write_starts_no_group_and_invites_nobody(group, people):
    sanction(people.owner, kind="ban", reason="Insults.", by=people.moderator)
    with pytest.raises(MayNotWrite):
        groups.start(owner=people.owner, name="Another")
    with pytest.raises(MayNotWrite):
        groups.invite(group, people.stranger, by=people.owner)


def test_a_group_has_room_for_so_many(group, people, monkeypatch):
    monkeypatch.setattr(groups, "MOST_MEMBERS", 4)
    groups.invite(group, people.stranger, by=people.owner)
    with pytest.raises(groups.TooMany):
        groups.join(group, token=group.join_token, by=people.editor)
    groups.join(group, token=group.join_token, by=people.stranger)  # the place was kept


def test_the_owner_stays_while_others_are_there(group, people):
    with pytest.raises(groups.OwnerStays):
        groups.leave(group, by=people.owner)
    with pytest.raises(groups.OwnerStays):
        groups.remove(group, people.owner, by=people.owner)
    groups.hand_over(group, to=people.member)
    assert told(people.member) == [(Kind.MEMBERSHIP, Outcome.OWNER)]
    groups.leave(group, by=people.owner)
    assert members_of(group) == {"author", "member"}
    with pytest.raises(CannotDoThat):
        groups.leave(group, by=people.owner)


def test_it_is_handed_over_to_members_only(group, people):
    with pytest.raises(CannotDoThat):
        groups.hand_over(group, to=people.stranger)
    group.refresh_from_db()
    assert group.owner == people.owner


def test_the_last_one_out_closes_the_door(group, people):
    for member in (people.author, people.member):
        groups.leave(group, by=member)
    groups.leave(group, by=people.owner)
    group.refresh_from_db()
    assert (group.closed is not None, group.owner, group.join_token) == (True, None, None)


def test_an_account_that_is_closed_leaves_the_group_to_the_longest_member(group, people):
    alone = groups.start(owner=people.owner, name="Alone")
    Leaving.objects.create(member=people.owner, keeps_notes=False)
    Leaving.objects.update(asked="2020-01-01T00:00:00Z")
    assert leaving.carry_out(people.owner.leaving.pk)
    group.refresh_from_db()
    alone.refresh_from_db()
    assert (group.owner, members_of(group)) == (people.author, {"author", "member"})
    assert alone.closed is not None


# --- what they write ----------------------------------------------------------------------------------


def test_a_note_for_a_group_is_read_by_its_members(letters, group, people):
    note = make_note(letters, author=people.author, group=group)
    assert (note.visibility, note.published) == (Visibility.GROUP, note.latest)
    assert readers_of(note, people) == {"owner", "author", "member"}


@pytest.mark.parametrize("who", ["stranger", "former", "moderator"])
def test_nobody_else_writes_for_it(letters, group, people, who):
    with pytest.raises(groups.NotAMember):
        make_note(letters, author=people[who], group=group)
    with pytest.raises(groups.NotAMember):
        make_note(letters, author=people[who], visibility=Visibility.GROUP)
    assert not Annotation.objects.filter(article=letters).exists()


def test_an_answer_is_for_those_who_see_what_it_answers(letters, group, people):
    note = make_note(letters, author=people.author, group=group)
    answer = annotating.reply(parent=note, author=people.member, body="Yes.")
    assert (answer.visibility, answer.group) == (Visibility.GROUP, group)
    annotating.edit(answer, by=people.member, body="Yes!", tags=[], visibility=Visibility.PUBLIC)
    assert readers_of(answer, people) == {"owner", "author", "member"}


def test_who_was_put_out_reads_and_writes_nothing_of_it_but_keeps_what_is_theirs(letters, group, people):
    own = make_note(letters, author=people.member, group=group)
    others = make_note(letters, author=people.author, group=group)
    groups.remove(group, people.member, by=people.owner)
    assert told(people.member) == [(Kind.MEMBERSHIP, Outcome.REMOVED)]
    assert readers_of(others, people) == {"owner", "author"}
    assert readers_of(own, people) == {"owner", "author", "member"}  # its author always
    for forbidden in (
        lambda: annotating.edit(own, by=people.member, body="More.", tags=[]),
        lambda: annotating.reply(parent=own, author=people.member, body="More."),
    ):
        with pytest.raises(groups.NotAMember):
            forbidden()
    annotating.withdraw(own, by=people.member)
    with pytest.raises(groups.NotAMember):
        annotating.restore(own, by=people.member)


def test_a_note_goes_from_its_author_to_a_group_to_everyone(letters, group, people):
    note = make_note(letters, author=people.author, body="Mine.", visibility=Visibility.PRIVATE)
    annotating.edit(note, by=people.author, body="Ours.", tags=[], group=group)
    assert readers_of(note, people) == {"author", "owner", "member"}
    annotating.edit(note, by=people.author, body="Still ours.", tags=[], visibility=Visibility.PRIVATE)
    assert fresh(note).visibility == Visibility.GROUP  # back it goes by being withdrawn
    annotating.edit(note, by=people.author, body="For all.", tags=[], visibility=Visibility.PUBLIC)
    assert (fresh(note).published, fresh(note).group) == (None, None)
    assert readers_of(note, people) == {"author", "moderator"}  # as the site's policy says
    approved(note, by=people.moderator)
    assert readers_of(note, people) >= {"stranger", "former"}
    shown_to = list(fresh(note).versions.values_list("visibility", flat=True))
    assert shown_to == ["private", "group", "group", "public"]


def test_what_only_the_group_approved_is_not_shown_when_a_public_note_is_restored(letters, group, people):
    note = make_note(letters, author=people.author, body="Ours.", group=group)
    annotating.edit(note, by=people.author, body="For all.", tags=[], visibility=Visibility.PUBLIC)
    annotating.withdraw(note, by=people.author)
    annotating.restore(note, by=people.author)
    assert (fresh(note).published, fresh(note).latest.status) == (None, Status.PENDING)


def test_when_a_group_is_closed_its_notes_are_their_authors_alone(letters, group, people):
    note = make_note(letters, author=people.author, body="Ours.", group=group)
    of_former = make_note(letters, author=people.member, body="Also ours.", group=group)
    groups.remove(group, people.member, by=people.owner)
    groups.close(group, by=people.owner)
    assert [readers_of(each, people) for each in (note, of_former)] == [{"author"}, {"member"}]
    assert told(people.author) == [(Kind.MEMBERSHIP, Outcome.CLOSED)]
    assert (Kind.MEMBERSHIP, Outcome.CLOSED) in told(people.member)  # who has a note in it is told as well
    other = groups.start(owner=people.author, name="Another circle")
    groups.invite(other, people.stranger, by=people.author)
    groups.accept(other, by=people.stranger)
    annotating.edit(note, by=people.author, body="For the others.", tags=[], group=other)
    first, second = note.versions.order_by("number")
    assert (first.visibility, second.visibility) == ("private", "group")  # the others do not read the first
    with pytest.raises(CannotDoThat):
        groups.close(group, by=people.owner)


# --- looking after it ---------------------------------------------------------------------------------


def test_the_owner_takes_a_note_down_and_its_next_wording_waits_for_them(letters, group, people):
    note = make_note(letters, author=people.author, group=group)
    with pytest.raises(ReasonMissing):
        moderating.take_down(note, by=people.owner, reason=" ")
    moderating.take_down(note, by=people.owner, reason="Not what we read.")
    assert readers_of(note, people) == {"author", "owner"}
    assert told(people.author) == [(Kind.DECIDED, Outcome.REJECTED)]
    with pytest.raises(AlreadyDecided):
        moderating.take_down(note, by=people.owner, reason="Again.")
    annotating.edit(note, by=people.author, body="Better.", tags=[])
    assert fresh(note).latest.status == Status.PENDING
    moderating.approve(fresh(note).latest, by=people.owner)
    assert readers_of(note, people) == {"author", "owner", "member"}


def test_a_member_flags_to_the_owner_and_nothing_is_hidden(letters, group, people):
    note = make_note(letters, author=people.author, group=group)
    for number in range(6):
        flagger = make_member(f"flagger-{number}")
        groups.join(group, token=group.join_token, by=flagger)
        flagging.flag(note, by=flagger, reason=Flag.Reason.RUDE)
    assert fresh(note).published is not None
    assert not Annotation.objects.to_moderate().exists()  # not the site's moderators'
    assert list(Annotation.objects.to_decide_in_a_group()) == [note]
    moderating.keep(note, by=people.owner)
    assert set(Flag.objects.values_list("outcome", flat=True)) == {Flag.Outcome.DISMISSED}
    assert flagging.weight_of(people.member) == flagging.weight_of(flagger) == 1  # nothing outside has changed


def test_what_a_group_decides_earns_no_trust_and_costs_none(letters, people, settings):
    settings.TRUSTED_AFTER_APPROVALS = settings.DISTRUSTED_AFTER_REJECTIONS = 1
    kept = group_note_in_state("waits", letters, people)
    moderating.approve(kept.latest, by=people.owner)
    people.author.refresh_from_db()
    assert (people.author.is_trusted, people.author.approvals_until_trusted()) == (False, 1)
    Member.objects.filter(pk=people.author.pk).update(is_trusted=True)
    moderating.take_down(fresh(kept), by=people.owner, reason="No.")
    people.author.refresh_from_db()
    assert people.author.is_trusted


def test_what_happens_in_a_group_is_not_in_the_trail_of_the_site(letters, group, people):
    note = make_note(letters, author=people.author, group=group)
    moderating.take_down(note, by=people.owner, reason="Not what we read.")
    assert not ModerationEvent.objects.of_the_site().filter(annotation=note).exists()
    inside = ModerationEvent.objects.filter(group_uid=group.uid).order_by("pk")
    assert list(inside.values_list("verb", flat=True)) == ["published", "rejected"]
    annotating.edit(note, by=people.author, body="For all.", tags=[], visibility=Visibility.PUBLIC)
    assert list(ModerationEvent.objects.of_the_site().values_list("verb", flat=True)) == ["submitted"]


# --- who is told --------------------------------------------------------------------------------------


def test_members_are_told_of_a_new_note_and_nobody_else(letters, group, people):
    telling.choose(people.owner, {Kind.GROUP_NOTE: "off"})
    third = make_member("third")
    groups.join(group, token=group.join_token, by=third)
    note = make_note(letters, author=people.author, group=group)
    about = Notification.objects.filter(annotation=note)
    assert set(about.values_list("recipient__username", "kind")) == {("member", "group-note"), ("third", "group-note")}
    groups.remove(group, third, by=people.owner)
    assert (Kind.GROUP_NOTE, "") not in told(third)  # what they may not see any more they are not told of


def test_an_answer_is_told_to_whom_it_answers_while_they_may_see_it(letters, group, people):
    note = make_note(letters, author=people.member, group=group)
    annotating.reply(parent=note, author=people.author, body="Yes.")
    assert (Kind.REPLIED, "") in told(people.member)
    groups.remove(group, people.member, by=people.owner)
    annotating.reply(parent=note, author=people.author, body="And more.")
    assert Notification.objects.filter(recipient=people.member, kind=Kind.REPLIED).count() == 1


def test_what_waits_is_told_when_it_is_approved_and_once(letters, people):
    note = group_note_in_state("waits", letters, people)
    assert not Notification.objects.filter(kind=Kind.GROUP_NOTE).exists()
    moderating.approve(note.latest, by=people.owner)
    annotating.edit(fresh(note), by=people.author, body="Better.", tags=[])
    moderating.approve(fresh(note).latest, by=people.owner)
    recipients = Notification.objects.filter(kind=Kind.GROUP_NOTE).values_list("recipient__username", flat=True)
    assert list(recipients) == ["member"]


@pytest.fixture
def mails(settings, group, people):
    """The site sends mail, and everybody has an address."""
    settings.CAN_SEND_MAIL = True
    settings.SITE_URL = "https://reader.example.org"
    for person in vars(people).values():
        person.email = f"{person.username}@example.org"
        person.save(update_fields=["email"])
    return mail.outbox


def test_an_invitation_is_mailed_at_once_with_the_way_to_answer(
    mails, group, people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        groups.invite(group, people.stranger, by=people.owner)
    assert [each.to for each in mails] == [["stranger@example.org"]]
    assert "invited to the reading group “Coast road circle”" in mails[0].subject
    assert "https://reader.example.org/groups/" in mails[0].body


def test_the_words_of_a_group_note_are_mailed_to_who_is_a_member_when_the_mail_is_written(
    mails, letters, group, people
):
    make_note(letters, author=people.author, body="For us alone.", group=group)
    groups.remove(group, people.member, by=people.owner)
    call_command("send_digests", "--now")
    told_words = {each.to[0] for each in mails if "For us alone." in each.body}
    assert told_words == {"owner@example.org"}
