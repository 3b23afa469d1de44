"""What an administrator fills in for Naver: in whose name, where, and for which words."""

from typing import Annotated, Final, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from sori.channels.servers import Private
from sori.channels.unfit import Unfit

KINDS: Final = {"blog": "blog", "cafe": "cafearticle", "kin": "kin", "news": "news"}
UNDATED: Final = frozenset({"cafearticle", "kin"})
QUOTA: Final = 25_000
Words = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class Search(NamedTuple):
    """One thing to look for in one place.

    Attributes:
        kind: the place, as Naver calls it.
        words: what for.
    """

    kind: str
    words: str

    @property
    def key(self) -> str:
        """Its name in the cursor."""
        return f"{self.kind} {self.words}"


class NaverSettings(BaseModel):
    """What to look for on Naver."""

    model_config = ConfigDict(extra="forbid", title="Naver")

    client_id: str = Field(
        min_length=1,
        max_length=100,
        title="Client ID",
        description="Of an application with the search API, made at developers.naver.com.",
    )
    client_secret: SecretStr = Field(
        title="Client secret", description="Stands beside the client ID."
    )
    words: list[Words] = Field(
        min_length=1,
        max_length=20,
        title="Words to look for",
        description="One search a line: your name, your products, how people misspell them.",
    )
    blog: bool = Field(default=True, title="Blogs")
    cafe: bool = Field(default=True, title="Cafes")
    kin: bool = Field(default=True, title="Knowledge iN")
    news: bool = Field(default=True, title="News")
    earlier: bool = Field(
        default=False,
        title="Also what was there before",
        description="Cafes and Knowledge iN tell no dates: what the first look finds may be years"
        " old and would wait in the inbox like new.",
        json_schema_extra={"advanced": True},
    )
    calls_per_day: int = Field(
        default=20_000,
        ge=1,
        le=QUOTA,
        title="Searches a day",
        description="Naver allows 25,000 per client ID, shared by all sources that use it.",
        json_schema_extra={"advanced": True},
    )
    pause: float = Field(
        default=0.2,
        ge=0,
        le=10,
        title="Seconds between searches",
        json_schema_extra={"advanced": True},
    )
    display: int = Field(
        default=100,
        ge=10,
        le=100,
        title="Results per search",
        json_schema_extra={"advanced": True},
    )
    address: str = Field(
        default="https://openapi.naver.com",
        max_length=200,
        title="Address of the search",
        json_schema_extra={"advanced": True},
    )
    allow_private: Private = False

    @model_validator(mode="after")
    def _somewhere_in_secret(self) -> "NaverSettings":
        if not any(getattr(self, name) for name in KINDS):
            raise Unfit("choose at least one place to look in")
        self.address = self.address.strip().rstrip("/")
        # the secret goes along with every search
        if urlsplit(self.address).scheme != "https" and not self.allow_private:
            raise Unfit("the address of the search begins with https://")
        return self

    def searches(self) -> list[Search]:
        """Everything to look for, place by place."""
        words = dict.fromkeys(" ".join(each.split()) for each in self.words)
        kinds = [kind for name, kind in KINDS.items() if getattr(self, name)]
        return [Search(kind, each) for kind in kinds for each in words]
