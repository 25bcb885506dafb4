"""Named people, each with a part to play. They are told apart by what they may do, not by number."""

from functools import cached_property

from reader.models import Member

PASSWORD = "a long enough secret"


def make_member(username: str, **roles) -> Member:
    """A member who can log in with PASSWORD. Roles: is_trusted, is_moderator, is_editor, display_name."""
    return Member.objects.create_user(username, password=PASSWORD, **roles)


class People:
    """The cast. `people["author"]` and `people.author` are the same person throughout a test."""

    @cached_property
    def author(self) -> Member:
        return make_member("author", display_name="Wen Author")

    @cached_property
    def stranger(self) -> Member:
        return make_member("stranger", display_name="Sam Stranger")

    @cached_property
    def trusted(self) -> Member:
        return make_member("trusted", is_trusted=True)

    @cached_property
    def moderator(self) -> Member:
        return make_member("moderator", is_moderator=True, display_name="Mo Moderator")

    @cached_property
    def second_moderator(self) -> Member:
        return make_member("second-moderator", is_moderator=True, display_name="Dee Second")

    @cached_property
    def editor(self) -> Member:
        return make_member("editor", is_editor=True, display_name="Ed Editor")

    def __getitem__(self, name: str) -> Member:
        return getattr(self, name)
