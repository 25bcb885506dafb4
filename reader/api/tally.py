"""How many annotations somebody sees, and when the newest of them was worded, without counting a million each time.

What everyone sees is counted once for each state of it. What somebody sees besides is little: their own that wait or
are private, their groups'. Who follows a container page by page is told where they are by the page before.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Max, Q, Sum

from reader import access
from reader.models import Annotation, AnnotationVersion, Article, Visibility
from reader.models.annotations import AnnotationQuerySet

KEPT = 3600  # seconds
PUBLIC = Q(visibility=Visibility.PUBLIC, published__isnull=False)


class Tally:
    """Of `notes`, all that `person` sees in a container."""

    def __init__(self, notes: AnnotationQuerySet, person: access.Person, article: Article | None) -> None:
        self.person, self.article = person, article
        everyones = Annotation.objects.public()
        self.public = everyones.filter(article=article) if article else everyones
        self.besides = notes.exclude(PUBLIC).order_by() if person.is_authenticated else Annotation.objects.none()
        self._state: str | None = None

    def total(self) -> int:
        """How many there are."""
        return self._kept("total", self.public.count) + self.besides.count()

    def up_to(self, pk: int) -> int:
        """How many there are up to this note, which is counted."""
        seen: int = self._kept(f"up-to-{pk}", self.public.filter(pk__lte=pk).count)
        return seen + self.besides.filter(pk__lte=pk).count()

    def walked(self, index: int, page: Sequence[Annotation]) -> None:
        """Remember, for who asks next, how far this page reaches that begins with the note number `index`."""
        if page:
            last = page[-1].pk
            besides = self.besides.filter(pk__lte=last).count()
            cache.set(self._key(f"up-to-{last}"), index + len(page) - besides, KEPT)

    def newest(self) -> datetime | None:
        """When the newest wording was written that the person sees; a waiting one of others gives no sign."""
        found = [self._kept("newest", self._newest_public)]
        if self.person.is_authenticated:
            own = Annotation.objects.filter(author=self.person.pk, **self._where())
            found += own.aggregate(Max("latest__created")).values()
            found += self.besides.aggregate(Max("published__created")).values()
        return max((moment for moment in found if moment), default=None)

    def _newest_public(self) -> datetime | None:
        """Of the wording that came last: looking for the greatest date would read them all."""
        shown = AnnotationVersion.objects.filter(pk__in=self.public.values("published")).order_by("-pk")
        return shown.values_list("created", flat=True).first()

    def _where(self) -> dict[str, Any]:
        return {"article": self.article} if self.article else {}

    def _kept(self, name: str, count: Callable[[], Any]) -> Any:
        return cache.get_or_set(self._key(name), count, KEPT)

    def _key(self, name: str) -> str:
        if self._state is None:
            of = {"pk": self.article.pk} if self.article else {}
            moved = Article.objects.filter(**of).aggregate(Sum("notes_version"), Max("pk"))
            self._state = f"{of.get('pk', 'all')}:{moved['notes_version__sum']}:{moved['pk__max']}"
        return f"tally:{self._state}:{name}"
