"""What the Hypothesis-compatible API takes in and gives out. What is not named here is ignored on the way in."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from reader.api.addresses import has_plain_start
from reader.text.dates import in_utc
from reader.text.normalise import is_storable


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError(_("holds signs that cannot be stored"))
    return text


def _written(moment: Any) -> Any:
    if not isinstance(moment, str):
        raise ValueError(_("is no time: write it like 2026-01-02T03:04:05+00:00"))
    return moment


def _without_halves(words: Any) -> Any:
    """The client cuts what stands around a quote between UTF-16 code units, which may leave half a character."""
    return re.sub(r"[\ud800-\udfff]", "", words) if isinstance(words, str) else words


def _squeezed(name: str) -> str:
    name = " ".join(name.split())
    if len(name) < 3:
        raise ValueError(_("has fewer than three characters"))
    return name


def _not_empty(given: list[str]) -> list[str]:
    """A parameter without a value asks nothing."""
    return [value for value in given if value]


def _plain_starts(patterns: list[str]) -> list[str]:
    if not all(map(has_plain_start, patterns)):
        raise ValueError(_("a wildcard may not stand in the scheme or the host: write https://the.host/path/*"))
    return patterns


def _like(**fields: Any) -> ConfigDict:
    """Shows in the description what is sent, ready to be tried."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


Words = Annotated[str, Field(pattern=r"^[^\x00]*$"), AfterValidator(_storable)]
GroupName = Annotated[Words, Field(min_length=3, max_length=25), AfterValidator(_squeezed)]
Surroundings = Annotated[Words, BeforeValidator(_without_halves)]
Several = Annotated[list[Words], AfterValidator(_not_empty)]
Patterns = Annotated[Several, AfterValidator(_plain_starts)]
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(in_utc)]
Uid = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Address = Annotated[Words, Field(min_length=1, max_length=2000)]
ModerationStatus = Literal["APPROVED", "PENDING", "DENIED", "SPAM"]


class Failure(Schema):
    status: Literal["failure"]
    reason: str


class Selector(BaseModel):
    """One way to find the words. Only a TextQuoteSelector is read: other types count what our text does not hold."""

    type: Words = Field(max_length=60)
    exact: Words | None = None
    prefix: Surroundings | None = None
    suffix: Surroundings | None = None


class TargetIn(BaseModel):
    source: Words | None = None
    selector: list[Selector] | None = Field(None, max_length=20)


class PermissionsIn(BaseModel):
    """Read by the whole group, or by its author alone; who may update and delete is not chosen."""

    read: list[Words] = Field(max_length=20)


class AnnotationChanges(BaseModel):
    """What an update may change; what is left out stays. Where a note stands is not changed by its client."""

    model_config = _like(text="Cancelled, or *postponed*?", tags=["wording"])
    text: Words | None = None
    tags: list[Words] | None = Field(None, max_length=200)
    permissions: PermissionsIn | None = None


class AnnotationIn(AnnotationChanges):
    """A new note, highlight or (with `references`) reply."""

    model_config = _like(
        uri="https://reader.example.org/articles/civil-diplomacy/", text="Cancelled, or *postponed*?", tags=["wording"],
        target=[{"selector": [{"type": "TextQuoteSelector", "exact": "the trip was canceled"}]}],
    )  # fmt: skip
    uri: Address
    group: Words = "__world__"
    target: list[TargetIn] = Field(default_factory=list, max_length=20)
    references: list[Uid] | None = Field(None, max_length=1000)


class UserInfo(Schema):
    display_name: str | None


class SelectorOut(Schema):
    """TextQuoteSelector {exact, prefix, suffix} or TextPositionSelector {start, end}."""

    type: str
    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    end: int | None = None


class TargetOut(Schema):
    source: str
    selector: list[SelectorOut] | None = None


class Permissions(Schema):
    read: list[str]
    update: list[str]
    delete: list[str]
    admin: list[str]


class FlagCount(Schema):
    flagCount: int


class AnnotationOut(Schema):
    """A note as the Hypothesis client reads it. `moderation` is there for moderators only."""

    id: str
    created: str
    updated: str
    user: str
    user_info: UserInfo
    uri: str
    text: str
    tags: list[str]
    group: str
    permissions: Permissions
    target: list[TargetOut]
    document: dict[str, list[str]]
    links: dict[str, str]
    references: list[str] | None = None
    hidden: bool
    flagged: bool
    moderation_status: ModerationStatus | None
    moderation: FlagCount | None = None
    actions: list[str]
    mentions: list[Any]


class Found(Schema):
    """What a search gives. `replies` is there when `_separate_replies` was asked for."""

    total: int
    rows: list[AnnotationOut]
    replies: list[AnnotationOut] | None = None


class SearchQuery(Schema):
    """Everything a search may ask; several conditions must all hold."""

    limit: int = Field(20, ge=0, le=200)
    offset: int = Field(0, ge=0, le=9800)
    sort: Literal["created", "updated", "id", "user", "group"] = "updated"
    order: Literal["asc", "desc"] = "desc"
    search_after: Words | None = None
    uri: Several = Field(default_factory=list, max_length=50)
    url: Several = Field(default_factory=list, max_length=50)
    wildcard_uri: Patterns = Field(default_factory=list, max_length=50)
    uri_parts: Several = Field(default_factory=list, alias="uri.parts", max_length=50)
    user: Several = Field(default_factory=list, max_length=50)
    group: Several = Field(default_factory=list, max_length=50)
    tag: Several = Field(default_factory=list, max_length=50)
    tags: Several = Field(default_factory=list, max_length=50)
    text: Several = Field(default_factory=list, max_length=50)
    quote: Several = Field(default_factory=list, max_length=50)
    any: Several = Field(default_factory=list, max_length=50)
    references: Several = Field(default_factory=list, max_length=50)
    id: Several = Field(default_factory=list, max_length=200)
    separate_replies: bool = Field(False, alias="_separate_replies")


class Deleted(Schema):
    id: str
    deleted: Literal[True]


class Moderation(BaseModel):
    """What a moderator decides; the other two say what they were looking at, and refuse with 409 if it moved on."""

    model_config = _like(moderation_status="DENIED", reason="This is advertising.")
    moderation_status: ModerationStatus
    current_moderation_status: ModerationStatus | None = None
    annotation_updated: Moment | None = None
    reason: Words = Field("", max_length=2000)


class Group(Schema):
    id: str
    groupid: str | None
    name: str
    type: Literal["open", "restricted", "private"]
    links: dict[str, str]
    organization: dict[str, Any] | str | None
    scopes: dict[str, Any] | None
    public: bool
    scoped: bool
    pre_moderated: bool


class GroupChanges(BaseModel):
    """What an owner may change."""

    model_config = _like(name="Tuesday readers")
    name: GroupName | None = None
    description: Annotated[Words, Field(max_length=250)] | None = None


class GroupIn(GroupChanges):
    """A new group. All groups here are private: their members alone know of them."""

    model_config = _like(name="Tuesday readers", description="We read one article a month.")
    name: GroupName
    type: Literal["private"] = "private"


class Membership(Schema):
    authority: str
    userid: str
    username: str
    display_name: str
    roles: list[Literal["owner", "member"]]
    actions: list[Literal["delete"]]
    created: str
    updated: str


class PageAbout(Schema):
    total: int


class PageMeta(Schema):
    page: PageAbout


class MembershipPage(Schema):
    meta: PageMeta
    data: list[Membership]


class AnnotationPage(Schema):
    meta: PageMeta
    data: list[AnnotationOut]


class Preferences(BaseModel):
    show_sidebar_tutorial: StrictBool | None = None
    show_youtube_gdpr_banner: StrictBool | None = None
    shortcuts_preferences: dict[Words, Any] | None = Field(None, max_length=100)


class ProfileChanges(BaseModel):
    model_config = _like(preferences={"show_sidebar_tutorial": False})
    preferences: Preferences


class Profile(Schema):
    userid: str | None
    authority: str
    groups: list[dict[str, Any]]
    features: dict[str, bool]
    preferences: dict[str, Any]
    user_info: UserInfo | None = None


class Route(Schema):
    method: str
    url: str
    desc: str


class TokenAbout(Schema):
    """Whose token it is. A personal one does not expire; a client's is of the client that is named."""

    userid: str
    issued_at: str
    expires_at: str | None
    expired: bool
    client: dict[str, str] | None = None


class ClientEvent(BaseModel):
    """What the client has done; it is not kept."""

    model_config = _like(event="client.realtime.apply_updates")
    event: Words = Field(max_length=200)


class Token(Schema):
    """Answer of the token endpoint (RFC 6749, 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    scope: str


class TokenError(Schema):
    """Refusal of the token endpoint (RFC 6749, 5.2), with the two fields that all refusals here have."""

    error: str
    status: Literal["failure"]
    reason: str


class BulkAudience(BaseModel):
    username: list[Words] = Field(min_length=1, max_length=200)


class BulkDates(BaseModel):
    gt: Moment
    lte: Moment


class BulkFilter(BaseModel):
    limit: StrictInt = Field(ge=0, le=1_000_000)
    audience: BulkAudience | None = None
    created: BulkDates | None = None
    updated: BulkDates | None = None


class BulkIn(BaseModel):
    """Which notes to read in one go."""

    model_config = _like(filter={"limit": 20, "created": {"gt": "2026-01-01T00:00:00Z", "lte": "2026-02-01T00:00:00Z"}})
    filter: BulkFilter
