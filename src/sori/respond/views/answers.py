"""Answers: keep a draft, send, take back, decide about one whose fate is unclear."""

from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from sori.errors import Refused, SaidAlready
from sori.respond import saved_replies, services
from sori.respond.as_seen import seen, way_to_private
from sori.respond.destination import received
from sori.respond.forms import AcknowledgeForm, DraftForm, ReplyForm, SettleForm
from sori.respond.measuring import room
from sori.respond.models import Case, Message
from sori.respond.sameness import ALIKE, SHORTEST
from sori.respond.views.place import me
from sori.respond.views.showing import attempt, composer_again, shown
from sori.staff.permissions import Permission, allows, requires


@requires(Permission.DRAFT_REPLY)
@require_POST
def draft(request: HttpRequest, case: int) -> HttpResponse:
    """Keep what is being written; the page saves by itself while one types."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    _must_belong(case, said["answers"], Message.Direction.IN)
    services.draft_reply(answers=said["answers"], member=me(request), body=said["body"])
    if "keep" in request.POST:
        return shown(request, case, done=_("The draft is kept; colleagues who may send see it."))
    return _compared(said["answers"], said["body"])


@requires(Permission.DRAFT_REPLY)
@require_POST
def preview(request: HttpRequest, case: int) -> HttpResponse:
    """What the world will see of an answer; nothing is kept or sent."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse()
    said = form.cleaned_data
    _must_belong(case, said["answers"], Message.Direction.IN)
    incoming = received(said["answers"])
    as_seen = seen(incoming, said["body"], me(request))
    used = room(incoming, said["body"])
    return render(request, "respond/preview.html", {"seen": as_seen, "room": used})


@requires(Permission.DRAFT_REPLY)
@require_safe
def in_private(request: HttpRequest, case: int) -> HttpResponse:
    """The sentence that leads from a public answer to private."""
    get_object_or_404(Case, pk=case)
    words = way_to_private(case, f"{request.scheme}://{request.get_host()}")
    return render(request, "respond/in_private.html", {"words": words})


@requires(Permission.SEND_REPLY)
@require_POST
def reply(request: HttpRequest, case: int) -> HttpResponse:
    """Approve an answer; it goes out after a moment in which it can be taken back, or later."""
    form = ReplyForm(request.POST)
    if not form.is_valid() and not form.problem():
        raise Http404
    said = form.cleaned_data
    _must_belong(case, said["answers"], Message.Direction.IN)
    if said["draft"]:
        _must_not_be_elsewhere(case, said["draft"])
    if said["then"] and not allows(me(request), Permission.RUN_CASE):
        raise PermissionDenied
    kept = {name: said[name] for name in ("body", "answers", "draft")}
    if problem := form.problem():
        return composer_again(request, case, **kept, problem=problem)
    try:
        services.approve_reply(
            answers=said["answers"],
            member=me(request),
            body=said["body"],
            token=said["token"] or None,
            draft=said["draft"],
            again=said["again"],
            pause=settings.UNDO_SEND,
            at=said["at"],
        )
    except Refused as refused:
        return composer_again(
            request,
            case,
            **kept,
            problem=str(refused),
            again=isinstance(refused, SaidAlready),
        )
    if said["then"]:
        settled = partial(services.resolve, case=case, member=me(request))
        return attempt(request, case, settled, composer="reply")
    return shown(request, case, composer="reply")


@requires(Permission.SEND_REPLY)
@require_POST
def acknowledge(request: HttpRequest, case: int) -> HttpResponse:
    """Tell the person that we are looking into it, and by when they will hear."""
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    _must_belong(case, said["answers"], Message.Direction.IN)
    made = partial(services.acknowledge, member=me(request), **said)
    return attempt(request, case, made, composer="acknowledge")


@requires(Permission.SEND_REPLY)
@require_POST
def remember(request: HttpRequest, case: int) -> HttpResponse:
    """Write down an answer that was given where the customer spoke."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    _must_belong(case, said["answers"], Message.Direction.IN)
    if not said["body"].strip():
        return composer_again(request, case, problem=_("Write down what you answered."))
    services.remember_answer(
        answers=said["answers"], member=me(request), body=said["body"], at=timezone.now()
    )
    return shown(request, case, composer="reply")


@requires(Permission.SEND_REPLY)
@require_POST
def cancel(request: HttpRequest, case: int, message: int) -> HttpResponse:
    """Take an answer back while it still waits."""
    _must_belong(case, message, Message.Direction.OUT)
    return attempt(
        request, case, lambda: services.cancel_reply(message=message, member=me(request))
    )


@requires(Permission.SETTLE_REPLY)
@require_POST
def settle(request: HttpRequest, case: int, message: int) -> HttpResponse:
    """Decide about an answer of which nobody knows whether it arrived."""
    _must_belong(case, message, Message.Direction.OUT)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=_("Choose what became of the answer."))
    return attempt(
        request,
        case,
        lambda: services.settle_unknown(message=message, member=me(request), **form.cleaned_data),
    )


@requires(Permission.SETTLE_REPLY)
@require_POST
def release(request: HttpRequest, case: int) -> HttpResponse:
    """Let answers leave the house again after a backup was restored."""
    return attempt(request, case, lambda: services.release_outgoing(member=me(request)))


def _compared(answers: int, body: str) -> HttpResponse:
    """Nothing to show but, as an event for the page, what the writer may want to know."""
    found = saved_replies.compared(answers=answers, body=body)
    words = []
    if found.share >= ALIKE:
        words.append(_("%(share)d%% like another answer") % {"share": round(100 * found.share)})
    if len(body.strip()) >= SHORTEST and not found.point:
        words.append(_("does not name what the customer said"))
    said = trigger_client_event(HttpResponse(status=204), "likeness", {"words": " · ".join(words)})
    if measured := room(received(answers), body):
        trigger_client_event(said, "measured", measured._asdict())
    return said


def _must_belong(case: int, message: int, direction: str) -> None:
    get_object_or_404(Message, pk=message, conversation__case=case, direction=direction)


def _must_not_be_elsewhere(case: int, draft: int) -> None:
    """A draft that is gone is for the service to tell; one of another case is none of ours."""
    if Message.objects.filter(pk=draft).exclude(conversation__case=case).exists():
        raise Http404
