"""Containers of annotations and their pages (https://www.w3.org/TR/annotation-protocol/#annotation-containers).

Notes stand in the order they were written. A page is named by the note before it (`?after=`), so what a page holds
does not shift while notes arrive: new ones come at the end.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from reader import access
from reader.api.problems import Problem
from reader.api.tally import Tally
from reader.formats import addresses, w3c
from reader.models import Annotation, Article
from reader.models.annotations import AnnotationQuerySet

A_PAGE = 50
CONTEXTS = [w3c.CONTEXT, "http://www.w3.org/ns/ldp.jsonld"]
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"


@dataclass(frozen=True)
class Facts:
    """How many notes a container holds, the uid before its last page (None: the first is the last), its newest date."""

    total: int
    before_last: str | None
    modified: str


class Container:
    """The notes of the site or of one article, as `person` may see them."""

    def __init__(self, person: access.Person, article: Article | None = None) -> None:
        self.person, self.article = person, article
        self.iri = addresses.of_container(article.slug) if article else addresses.site("/annotations/")
        self.tally = Tally(self.notes(), person, article)

    @property
    def label(self) -> str:
        """What the container is called."""
        title = self.article.title if self.article else settings.SITE_NAME
        return _("Notes on «%s»") % title

    def notes(self) -> AnnotationQuerySet:
        """What it holds, in order."""
        readable = Annotation.objects.readable_by(self.person).listed().order_by("pk")
        return readable.filter(article=self.article) if self.article else readable

    def facts(self) -> Facts:
        """What is said of the container on each of its pages."""
        total, newest = self.tally.total(), self.tally.newest()
        on_last_page = (total - 1) % A_PAGE + 1
        before = self.notes().reverse().values_list("uid", flat=True)[on_last_page : on_last_page + 1]
        return Facts(total, before.first() if total > A_PAGE else None, w3c.when(newest) if newest else "")

    def described(self, *, iris: bool, minimal: bool) -> w3c.Json:
        """The container as clients can prefer it: its notes as IRIs or described, its first page within or named."""
        facts = self.facts()
        made: w3c.Json = {
            "@context": CONTEXTS,
            "id": self._iri_of(iris=iris),
            "type": ["BasicContainer", "AnnotationCollection"],
            "label": self.label,
            "total": facts.total,
        }
        made |= {"modified": facts.modified} if facts.modified else {}
        if not facts.total:
            return made
        made["first"] = self.page_iri("", iris=iris) if minimal else self.page("", iris=iris, facts=facts)
        made["last"] = self.page_iri(facts.before_last or "", iris=iris)
        return made

    def _iri_of(self, *, iris: bool) -> str:
        """By it a client knows which of the two the pages hold."""
        return self.iri + ("?iris=1" if iris else "")

    def page_iri(self, after: str, *, iris: bool) -> str:
        """The address of the page that follows the note `after`, or of the first one."""
        return f"{self.iri}?{urlencode({'iris': 1} if iris else {})}{'&' if iris else ''}{urlencode({'after': after})}"

    def page(self, after: str, *, iris: bool, facts: Facts | None = None) -> w3c.Json:
        """One page; within a container (which has `facts`) without what the container says itself."""
        notes, known = self.notes(), facts or self.facts()
        before = self._cursor(after)
        rows = list((notes.filter(pk__gt=before) if before else notes).with_versions()[: A_PAGE + 1])
        shown = rows[:A_PAGE]
        made: w3c.Json = {"id": self.page_iri(after, iris=iris), "type": "AnnotationPage"}
        if facts is None:
            made |= {"@context": w3c.CONTEXT, "partOf": self._part_of(known, iris=iris)}
        else:
            made["partOf"] = self._iri_of(iris=iris)
        made["startIndex"] = self.tally.up_to(before) if before else 0
        made["items"] = self._items(shown, iris=iris)
        if len(rows) > A_PAGE:
            made["next"] = self.page_iri(shown[-1].uid, iris=iris)
            self.tally.walked(made["startIndex"], shown)
        if before:
            made["prev"] = self._previous(before, iris=iris)
        return made

    def _part_of(self, facts: Facts, *, iris: bool) -> w3c.Json:
        made: w3c.Json = {"id": self._iri_of(iris=iris), "label": self.label, "total": facts.total}
        return made | ({"modified": facts.modified} if facts.modified else {})

    def _cursor(self, after: str) -> int | None:
        if not after:
            return None
        before = Annotation.objects.filter(uid=after).values_list("pk", flat=True).first()
        if before is None:
            raise Problem(404, "There is no page that begins after this note. Begin with the container's first page.")
        return before

    def _items(self, shown: list[Annotation], *, iris: bool) -> list[str] | list[w3c.Json]:
        if iris:
            return [addresses.of_annotation(note.uid) for note in shown]
        shelf = w3c.Shelf(shown)
        made = [w3c.to_jsonld(note, self.person, shelf) for note in shown]
        return [{name: value for name, value in each.items() if name != "@context"} for each in made]

    def _previous(self, before: int, *, iris: bool) -> str:
        """The page before: it follows the note that stands one page before this one's first."""
        back = self.notes().filter(pk__lte=before).order_by("-pk").values_list("uid", flat=True)[A_PAGE : A_PAGE + 1]
        return self.page_iri(next(iter(back), ""), iris=iris)
