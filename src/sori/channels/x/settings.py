"""What an administrator fills in for X: in whose name, what for, and what it may cost."""

import re
from collections.abc import Iterator
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from sori.channels.servers import Private, origin
from sori.channels.unfit import Unfit
from sori.channels.x.spending import Prices, millionths

LONGEST_RULE: Final = 1024
LONGEST_SEARCH: Final = 512
NO_REPOSTS: Final = " -is:retweet"
OF_REPOSTS: Final = re.compile(r"\bis:retweet\b")
Words = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=LONGEST_RULE - len(NO_REPOSTS) - 2, strip_whitespace=True
    ),
]
Dollars = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class XSettings(BaseModel):
    """Which account, what to hear, and for how much."""

    model_config = ConfigDict(extra="forbid", title="X")

    username: str = Field(
        pattern=r"^\s*@?[A-Za-z0-9_]{1,15}\s*$",
        title="Our account on X",
        description="Its name after the @.",
        json_schema_extra={"placeholder": "our_shop"},
    )
    user_id: str = Field(
        pattern=r"^\s*[0-9]{1,20}\s*$",
        title="Number of our account",
        description="The digits before the dash at the beginning of its access token.",
    )
    bearer_token: SecretStr = Field(
        title="Bearer token", description="Of an app made at developer.x.com; for reading."
    )
    mentions: bool = Field(
        default=True, title="Hear who names us", description="Posts that name our account."
    )
    queries: list[Words] = Field(
        default_factory=list,
        max_length=1000,
        title="Posts to look for",
        description="One search a line, in the language of X's search. Reposts are left out.",
        json_schema_extra={"placeholder": "소리텔레콤 lang:ko"},
    )
    per_day: Dollars = Field(
        default=5.0,
        title="US dollars a day at the most",
        description="X charges for what is read. When this much is spent, nothing more is read"
        " until the next day begins in UTC.",
    )
    per_month: Dollars = Field(default=100.0, title="US dollars a month at the most")
    api_key: SecretStr = Field(
        default=SecretStr(""),
        title="API key",
        description="For answers: these four are needed. Without them, answers are written on X.",
    )
    api_key_secret: SecretStr = Field(default=SecretStr(""), title="API key secret")
    access_token: SecretStr = Field(
        default=SecretStr(""),
        title="Access token of our account",
        description="With permission to read and write.",
    )
    access_token_secret: SecretStr = Field(default=SecretStr(""), title="Access token secret")
    live_seconds: int = Field(
        default=10,
        ge=0,
        le=60,
        title="Seconds to listen live",
        description="At each look, posts are heard for so long the moment they are written. 0 only"
        " looks back.",
        json_schema_extra={"advanced": True},
    )
    post_price: Dollars = Field(
        default=0.005,
        title="US dollars for a post that is read",
        description="As X charges you.",
        json_schema_extra={"advanced": True},
    )
    user_price: Dollars = Field(
        default=0.01,
        title="US dollars for an account that is read",
        description="Its name comes with its first post of the day.",
        json_schema_extra={"advanced": True},
    )
    address: str = Field(
        default="https://api.x.com",
        max_length=200,
        title="Address of the API",
        json_schema_extra={"advanced": True},
    )
    allow_private: Private = False

    @model_validator(mode="after")
    def _in_one_form(self) -> Self:
        self.username = self.username.strip().removeprefix("@")
        self.user_id = self.user_id.strip()
        self.address = self.address.strip().rstrip("/")
        origin(
            self.address,
            Unfit("the address of the API begins with https://"),
            private=self.allow_private,
        )  # the path behind it stays
        if not (self.mentions or self.queries):
            raise Unfit("choose something to hear")
        given = [bool(each.get_secret_value()) for each in self._for_answers()]
        if any(given) and not all(given):
            raise Unfit("answers need all four: API key, access token, and both secrets")
        return self

    @property
    def answers(self) -> bool:
        """Whether answers can be sent from here."""
        return all(each.get_secret_value() for each in self._for_answers())

    @property
    def prices(self) -> Prices:
        """What reading costs and may cost, in millionths of a dollar."""
        return Prices(
            millionths(self.post_price, up=True),
            millionths(self.user_price, up=True),
            millionths(self.per_day, up=False),
            millionths(self.per_month, up=False),
        )

    def rules(self) -> list[str]:
        """What to listen for live: each query once, without reposts unless it speaks of them."""
        plain = dict.fromkeys(" ".join(each.split()) for each in self.queries)
        return [each if OF_REPOSTS.search(each) else f"({each}){NO_REPOSTS}" for each in plain]

    def searches(self) -> Iterator[str]:
        """The same as questions to the search, as few as will hold them.

        A rule longer than a search may be is heard live only.
        """
        held = ""
        for rule in self.rules():
            alone = f"({rule})"
            joined = f"{held} OR {alone}" if held else alone
            if len(joined) <= LONGEST_SEARCH:
                held = joined
            elif len(alone) <= LONGEST_SEARCH:
                yield held
                held = alone
        if held:
            yield held

    def _for_answers(self) -> tuple[SecretStr, ...]:
        return self.api_key, self.api_key_secret, self.access_token, self.access_token_secret
