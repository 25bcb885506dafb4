"""What ends with a session: the tokens that a client was given in it."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from reader.operations import tokens


@receiver(user_logged_out)
def forget_its_tokens(sender, request, user, **kwargs):
    """Whoever logs out here has logged the sidebar out too, in every window."""
    key = request.session.session_key if request is not None else None
    if key:
        tokens.revoke_of_session(key)
