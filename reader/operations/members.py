"""What members say of themselves."""

from django.db import transaction

from reader.models import Annotation, Article, Member


@transaction.atomic
def introduce(member: Member, *, display_name: str, orcid: str) -> None:
    """Change how a member is named; pages where the name stands beside a note are made anew."""
    member.display_name, member.orcid = display_name, orcid
    member.save(update_fields=["display_name", "orcid"])
    public = Annotation.objects.public().filter(author=member)
    Article.objects.filter(pk__in=public.values("article")).touch_notes()
