"""Named people, each with a part to play. They are told apart by what they may do, not by number."""

from reader.models import Member

PASSWORD = "a long enough secret"


def make_member(username: str, **roles) -> Member:
    """A member who can log in with PASSWORD. Roles: is_trusted, is_moderator, is_editor, display_name."""
    return Member.objects.create_user(username, password=PASSWORD, **roles)


class People:
    """The cast. `people["author"]` and `people.author` are the same person throughout a test."""

    def __init__(self):
        self.author = make_member("author", display_name="Wen Author")
        self.stranger = make_member("stranger", display_name="Sam Stranger")
        self.trusted = make_member("trusted", is_trusted=True)
        self.moderator = make_member("moderator", is_moderator=True, display_name="Mo Moderator")
        self.second_moderator = make_member("second-moderator", is_moderator=True, display_name="Dee Second")
        self.editor = make_member("editor", is_editor=True, display_name="Ed Editor")

    def __getitem__(self, name: str) -> Member:
        return getattr(self, name)
