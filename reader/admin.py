"""The editors' desk: every kind of row, searchable; what must not be rewritten is shown, not edited."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from reader import models
from reader.operations import card_history


class ReadOnly:
    """Rows that are read here and written elsewhere."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Shown:
    """Rows that stand on reading pages: a change of one makes the kept pages old."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        models.Article.objects.all().touch_notes()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        models.Article.objects.all().touch_notes()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        models.Article.objects.all().touch_notes()


@admin.register(models.Member)
class MemberAdmin(Shown, UserAdmin):
    list_display = ["username", "display_name", "is_editor", "is_moderator", "is_trusted", "is_active"]
    list_filter = ["is_editor", "is_moderator", "is_trusted", "is_active"]
    search_fields = ["username", "display_name", "email"]
    fieldsets = [
        *UserAdmin.fieldsets,
        (_("Reading room"), {"fields": ["display_name", "orcid", "is_editor", "is_moderator", "is_trusted"]}),
    ]


@admin.register(models.Article)
class ArticleAdmin(Shown, admin.ModelAdmin):
    list_display = ["title", "byline", "publisher", "published", "licence", "notes_version"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["current", "notes_version"]


@admin.register(models.Revision)
class RevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["article", "number", "created", "created_by", "reason"]
    list_filter = ["article"]


@admin.register(models.Paragraph)
class ParagraphAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["revision", "number", "kind", "text"]
    search_fields = ["text"]
    list_filter = ["revision"]


class VersionInline(ReadOnly, admin.TabularInline):
    model = models.AnnotationVersion
    extra = 0
    fields = ["number", "body", "status", "decided_by", "decided", "reason"]


@admin.register(models.Annotation)
class AnnotationAdmin(Shown, admin.ModelAdmin):
    list_display = ["uid", "author", "article", "motivation", "visibility", "exact"]
    list_filter = ["visibility", "motivation", "article"]
    search_fields = ["uid", "exact", "versions__body"]
    autocomplete_fields = ["cards", "sources"]
    readonly_fields = [
        "uid", "article", "author", "parent", "thread", "visibility", "revision", "start", "end", "exact",
        "prefix", "suffix", "published", "latest",
    ]  # fmt: skip
    exclude = ["tags"]
    inlines = [VersionInline]

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        """Private notes are nobody else's, and those of a group its members' alone: not even an editor's."""
        return super().get_queryset(request).filter(visibility="public").select_related("author", "article")


@admin.register(models.Placement)
class PlacementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["annotation", "revision", "start", "end", "state", "score"]
    list_filter = ["state", "revision"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(annotation__visibility="public")


class Kept:
    """Cards: each change leaves a version in the history of the cards it touches."""

    def cards_of(self, obj):
        """The cards whose history a change of `obj` belongs to."""
        return [obj]

    def save_model(self, request, obj, form, change):
        if change:
            card_history.begin(models.Card.objects.filter(pk__in=[card.pk for card in self.cards_of(obj)]))
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._keep(request, self.cards_of(form.instance))

    def delete_model(self, request, obj):
        cards = self.cards_of(obj)
        super().delete_model(request, obj)
        self._keep(request, cards)

    def delete_queryset(self, request, queryset):
        cards = [card for obj in queryset for card in self.cards_of(obj)]
        super().delete_queryset(request, queryset)
        self._keep(request, cards)

    def _keep(self, request, cards):
        for card in models.Card.objects.filter(pk__in=[card.pk for card in cards]):
            card_history.keep(card, models.CardVersion.Kind.EDITED, by=request.user)


class FactInline(admin.TabularInline):
    model = models.Fact
    extra = 1


class RelationInline(admin.TabularInline):
    model = models.Relation
    fk_name = "card"
    autocomplete_fields = ["other"]
    extra = 1


@admin.register(models.Card)
class CardAdmin(Kept, Shown, admin.ModelAdmin):
    list_display = ["name", "native_name", "kind", "role", "verification"]
    list_filter = ["kind", "verification"]
    search_fields = ["name", "native_name", "romanised_name", "aliases"]
    autocomplete_fields = ["sources"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [FactInline, RelationInline]


@admin.register(models.Relation)
class RelationAdmin(Kept, Shown, admin.ModelAdmin):
    list_display = ["card", "label", "other", "inverse_label"]
    search_fields = ["card__name", "other__name", "label"]
    autocomplete_fields = ["card", "other"]

    def cards_of(self, obj):
        return [obj.card]


@admin.register(models.Fact)
class FactAdmin(Kept, Shown, admin.ModelAdmin):
    list_display = ["card", "date", "text"]
    search_fields = ["text", "card__name"]
    autocomplete_fields = ["card"]

    def cards_of(self, obj):
        return [obj.card]


@admin.register(models.Source)
class SourceAdmin(Shown, admin.ModelAdmin):
    list_display = ["title", "publisher", "date", "url"]
    search_fields = ["title", "publisher", "url", "slug"]


@admin.register(models.Mention)
class MentionAdmin(Shown, admin.ModelAdmin):
    list_display = ["card", "article", "revision", "field", "start", "end", "kind"]
    list_filter = ["kind", "article"]
    autocomplete_fields = ["card"]
    exclude = ["proposal"]


@admin.register(models.CrossReference)
class CrossReferenceAdmin(Shown, admin.ModelAdmin):
    list_display = ["key", "revision", "label", "target_card", "reason"]
    search_fields = ["label", "reason"]
    autocomplete_fields = ["target_card"]


@admin.register(models.TimelineEvent)
class TimelineEventAdmin(Shown, admin.ModelAdmin):
    list_display = ["date_start", "date_end", "title", "precision", "agreement"]
    list_filter = ["agreement", "article"]
    search_fields = ["title", "note"]
    autocomplete_fields = ["card", "sources"]


@admin.register(models.ModerationEvent)
class ModerationEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "at",
        "by_name",
        "verb",
        "annotation_uid",
        "proposal_uid",
        "card_slug",
        "version",
        "before",
        "after",
        "reason",
    ]
    list_filter = ["verb"]
    search_fields = ["by_name", "about_name", "annotation_uid", "proposal_uid", "card_slug"]


@admin.register(models.Proposal)
class ProposalAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["waits_since", "kind", "about", "author", "status", "decided_by"]
    list_filter = ["status", "kind"]
    search_fields = ["about", "uid"]


@admin.register(models.CardVersion)
class CardVersionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "card", "number", "kind", "by_name", "author_name"]
    list_filter = ["kind"]
    search_fields = ["card__name", "by_name", "author_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(group_uid="")


@admin.register(models.Flag)
class FlagAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created", "annotation", "by", "reason", "outcome"]
    list_filter = ["outcome", "reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(version__visibility="public")


@admin.register(models.Sanction)
class SanctionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created", "member", "kind", "until", "by", "lifted"]
    list_filter = ["kind"]


@admin.register(models.ReadingGroup)
class ReadingGroupAdmin(ReadOnly, admin.ModelAdmin):
    """That there is a group, and whom to write to about it; nothing of what is said in it."""

    list_display = ["name", "owner", "created", "closed"]
    search_fields = ["name", "owner__username"]
    fields = ["uid", "name", "description", "owner", "notes_wait", "created", "closed"]


@admin.register(models.Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["group", "member", "joined"]
    search_fields = ["group__name", "member__username"]


@admin.register(models.ReasonTemplate)
class ReasonTemplateAdmin(admin.ModelAdmin):
    list_display = ["title", "words"]


@admin.register(models.SuspectWord)
class SuspectWordAdmin(admin.ModelAdmin):
    list_display = ["word"]
    search_fields = ["word"]
