"""What people say about rows: which column is what, and how their file is written."""

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, field_validator

from sori.channels.tables import columns
from sori.channels.unfit import Unfit


class RowSettings(BaseModel):
    """How rows become mentions, wherever they come from."""

    map: str = Field(
        "",
        title="Columns",
        description="Which column is what, separated by commas: our word, equals sign, the "
        "column's name. Columns with a usual name are found without it.",
        json_schema_extra={"placeholder": "text=내용,author=작성자,created_at=날짜,id=번호"},
    )
    zone: str = Field(
        "Asia/Seoul",
        title="Time zone",
        description="Where the clock hangs that dates without a zone were read from.",
        json_schema_extra={"advanced": True},
    )
    stars: int = Field(
        5,
        ge=2,
        le=1000,
        title="Best rating",
        description="The highest rating a row can have.",
        json_schema_extra={"advanced": True},
    )
    addressed: bool = Field(
        default=False,
        title="Said to us",
        description="The rows were said to us, such as call notes or a survey, and not in public.",
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Unfit("there is no time zone “%(name)s”", name=zone) from error
        return zone

    @field_validator("map")
    @classmethod
    def _readable_map(cls, text: str) -> str:
        columns.mapping(text)
        return text


class TableSettings(RowSettings):
    """How a file of rows is written."""

    format: Literal["auto", "jsonl", "json", "csv", "xlsx"] = Field(
        "auto",
        title="Format",
        description="Found out by itself unless you choose one.",
        json_schema_extra={"advanced": True},
    )
    encoding: Literal["", "utf-8", "cp949"] = Field(
        "",
        title="Letters",
        description="Of a CSV file; found out line by line if left empty.",
        json_schema_extra={"advanced": True},
    )
    delimiter: str = Field(
        "",
        max_length=1,
        title="Separator",
        description="Of a CSV file; found out if left empty.",
        json_schema_extra={"advanced": True},
    )
    sheet: str = Field(
        "",
        title="Sheet",
        description="Of a spreadsheet; the first one if left empty.",
        json_schema_extra={"advanced": True},
    )
