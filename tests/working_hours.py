"""An office in Seoul, and policies that count by it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from desk import member
from sori.respond import policies
from sori.respond.clock_models import Calendar, Policy

WEEK = [[[540, 1080]]] * 5 + [[], []]


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


def office(**fields) -> Calendar:
    """Monday to Friday from nine to six, closed on the holidays of Korea."""
    given = {"name": "사무실", "zone": "Asia/Seoul", "week": WEEK, "country": "KR"} | fields
    return policies.save_calendar(calendar=None, member=member("팀장"), fields=given)


def policy(name: str = "기본", **fields) -> Policy:
    return policies.save_policy(policy=None, member=member("팀장"), name=name, **fields)
