"""The words a page says for why somebody is not told."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sori.change.loops import deciding
from sori.change.loops.selectors import APART

REASONS: Final[Mapping[str, Any]] = {
    deciding.OBJECTION: _("Do not want to be analysed"),
    deciding.NO_NEWS: _("Want no news"),
    deciding.CLOSED: _("The time to answer there is over"),
    deciding.UNVERIFIED: _("Only a mail address that nobody made sure of"),
    deciding.NO_CHANNEL: _("Where they spoke takes no answers, and no mail address is known"),
    deciding.TOO_LONG: _("The text is too long for their channel"),
    deciding.BY_PORTAL: _("Follow an idea behind it: the ideas portal writes to them"),
    deciding.ERASED: _("Were erased"),
    APART: _("Were thought to be one with somebody who was told, and are not"),
}
