"""What the demo company told before people asked, and what it wants to know before a launch."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from sori.change.models import Surge
from sori.change.notices import services
from sori.change.notices.models import Notice, Update
from sori.change.studies.models import Study
from sori.change.studies.services import ask
from sori.demo.company import ADMINISTRATOR, DAYS
from sori.listen.models import Query
from sori.staff.models import Member

_WRITER: Final = "sua@sodam.example"
_SUPERVISOR: Final = "doyun@sodam.example"
_RULE: Final = "로그인 오류"

_CHANGE: Final = {
    "kind": "change",
    "title": "내일 새벽 2시부터 4시까지 앱을 점검해요",
    "what": "점검하는 동안 앱에서 요금 조회와 로그인을 할 수 없어요. 통화와 데이터는 그대로예요.",
    "doing": "점검이 끝나면 로그인이 더 빨라져요. 급한 일은 114로 전화해 주세요.",
    "title_en": "The app rests tomorrow from 2 to 4 in the morning",
    "what_en": "During that time you cannot sign in or look at your bill. Calls and data go on.",
    "doing_en": "After it, signing in will be faster. If it is urgent, call 114.",
    "places": list(Notice.Place.values),
    "words": ["점검", "새벽에 앱"],
}
_PROBLEM: Final = {
    "kind": "problem",
    "title": "앱 로그인이 잘 안 되고 있어요",
    "what": "오후 2시부터 인증번호가 늦게 오거나 로그인이 안 되는 분이 많아요. 저희도 알고 있어요.",
    "doing": "인증 서버를 늘리고 있어요. 그동안 홈페이지에서는 로그인하실 수 있어요.",
    "title_en": "Signing in to the app fails for many",
    "what_en": "Since 2 pm codes come late or signing in fails. We know of it.",
    "doing_en": "We are adding servers. Meanwhile you can sign in on our web site.",
    "places": list(Notice.Place.values),
    "words": ["로그인", "인증번호"],
}
_SINCE: Final = (
    (1.5, "인증 서버를 두 배로 늘렸어요. 아직 느릴 수 있어요.", "Twice the servers; still slow."),
    (5.0, "이제 인증번호가 바로 와요. 불편을 드려 죄송해요.", "Codes come at once again. Sorry."),
)


def tell() -> None:
    """Write the notices and ask for the study; harmless to repeat."""
    if Notice.objects.exists() or Study.objects.exists():
        return
    writer, supervisor = (Member.objects.get(email=one) for one in (_WRITER, _SUPERVISOR))
    rule = Query.objects.get(name=_RULE)
    about = {"sort": Surge.Sort.QUERY.value, "key": str(rule.pk)}
    now = timezone.now()
    services.approve(notice=services.draft(member=writer, **_CHANGE), member=supervisor)
    _past(services.draft(member=writer, **_PROBLEM, **about), supervisor, now)
    _ask(Member.objects.get(email=ADMINISTRATOR), now)


def _past(notice: Notice, supervisor: Member, now: datetime) -> None:
    """Let a notice have been shown on the day on which signing in failed, until it worked."""
    services.approve(notice=notice, member=supervisor)
    day = timezone.localtime(now - timedelta(days=5))
    shown = day.replace(hour=17, minute=0, second=0, microsecond=0)
    for hours, words, words_en in _SINCE:
        at = shown + timedelta(hours=hours)
        row = services.go_on(
            notice=notice, member=supervisor, words=words, words_en=words_en, next_word_at=None
        )
        Update.objects.filter(pk=row.pk).update(at=at)
    services.end(notice=notice, member=supervisor)
    moments: dict[str, Any] = dict.fromkeys(("created_at", "approved_at", "shown_from"), shown)
    ended = shown + timedelta(days=1)
    Notice.objects.filter(pk=notice.pk).update(**moments, looked_at=shown, ended_at=ended)


def _ask(member: Member, now: datetime) -> None:
    """A study that a worker gathers as soon as there is one."""
    today = timezone.localtime(now).date()
    ask(
        member=member,
        name="앱에서 스스로 해결하기, 내놓기 전에",
        question="앱으로 옮기면 무엇이 불편하고, 상담에서는 무엇을 못 받고 있나요?",
        rule="앱 OR 로그인 OR 인증번호",
        rule_name="앱",
        rival="상담 OR 고객센터 OR 상담원",
        rival_name="상담",
        since=today - timedelta(days=DAYS - 1),
        until=today,
    )
