"""A change that the demo company has made, and everybody who asked for it being told."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from sori.change.initiatives.models import Evidence, Initiative
from sori.change.loops import audience, services
from sori.change.loops.wording import SHIPPED
from sori.demo.company import ADMINISTRATOR
from sori.listen import memory
from sori.staff.models import Member

_TITLE: Final = "앱 로그인 오류를 고쳤습니다"
_SAID: Final = """
    (select id from mentions where text like '%로그인%' and reply_mode = 'private')
    union all
    (select id from mentions where text like '%로그인%' and reply_mode <> 'private'
     order by id desc limit 6)
"""
_ALWAYS: Final = (0, 0)


def tell() -> None:
    """Have the sign-in mended last week, and tell those who asked; harmless to repeat."""
    if Initiative.objects.filter(title=_TITLE).exists():
        return
    reader, now = memory.reader(), timezone.now()
    boss = Member.objects.get(email=ADMINISTRATOR)
    made = Initiative.objects.create(
        title=_TITLE,
        summary="새 버전에서 로그인이 되지 않던 까닭을 찾아 고칩니다.",
        owner=boss,
        stage=Initiative.Stage.SHIPPED,
        decision=Initiative.Decision.YES,
        decided_by=boss,
        decided_at=now - timedelta(days=30),
        shipped_at=now - timedelta(days=7),
        created_by=boss,
        created_at=now - timedelta(days=40),
    )
    said = reader.table(_SAID).column("id").to_pylist()
    Evidence.objects.bulk_create(
        [
            Evidence(
                initiative=made, sort=Evidence.Sort.MENTION, key=one, added_by=boss, added_at=now
            )
            for one in said
        ]
    )
    telling = services.write(
        initiative=made, member=boss, texts=SHIPPED, per_minute=60, quiet=_ALWAYS
    )
    told = sum(one.told for one in audience.everybody(reader, made))
    if told:
        services.approve(reader, telling=telling, member=boss, expected=told)
