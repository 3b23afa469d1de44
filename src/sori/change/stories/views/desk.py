"""Stories at the desk: the list, one with its posts, writing, quoting, the way to readers."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori.change.initiatives.models import Initiative
from sori.change.stories import posting, selectors, services
from sori.change.stories.drafting import drafted
from sori.change.stories.forms import QuoteForm, WordsForm
from sori.change.stories.models import Language, Story, StoryText
from sori.errors import Refused
from sori.listen import memory
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires

PAGE: Final = 30


@requires(Permission.WRITE_STORY)
@require_GET
def stories(request: HttpRequest) -> HttpResponse:
    """All stories, the newest first."""
    page = Paginator(selectors.of_desk(), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [(one, selectors.in_language(one, "ko")) for one in page.object_list],
        "newer": f"?page={page.number - 1}" if page.has_previous() else "",
        "older": f"?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "stories/stories.html", context)


@requires(Permission.WRITE_STORY)
@require_GET
def story(request: HttpRequest, story: int) -> HttpResponse:
    """One story as its readers see it, its quote, and posts to copy."""
    row = get_object_or_404(selectors.of_desk(), pk=story)
    wanted = request.GET.get("language", Language.KO.value)
    text = selectors.in_language(row, wanted)
    context: dict[str, Any] = {
        "row": row,
        "text": text,
        "told": selectors.languages(row),
        "languages_known": Language.choices,
        "reasons": Story.Quote.choices,
        "offered": selectors.offered(memory.counting_reader(), row) if text and text.quote else [],
        "drafts": _posts(request, row, text) if text else [],
    }
    return render(request, "stories/story.html", context)


@requires(Permission.WRITE_STORY)
@require_http_methods(["GET", "HEAD", "POST"])
def of_initiative(request: HttpRequest, initiative: int) -> HttpResponse:
    """The story of an initiative; begins it where there is none."""
    subject = get_object_or_404(Initiative, pk=initiative)
    row = Story.objects.filter(initiative=subject).first()
    if row is not None and request.method != "POST":
        return redirect("stories:story", story=row.pk)
    return _write(request, subject, Language.KO.value)


@requires(Permission.WRITE_STORY)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, story: str, language: str) -> HttpResponse:
    """Change the words of one language."""
    row = get_object_or_404(Story.objects.select_related("initiative"), pk=int(story))
    return _write(request, row.initiative, language, row)


@requires(Permission.WRITE_STORY)
@require_POST
def quote(request: HttpRequest, story: int) -> HttpResponse:
    """Say why the quote may be shown, or take it out."""
    row = get_object_or_404(Story.objects.select_related("initiative"), pk=story)
    form = QuoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason from the list."))
        return redirect("stories:story", story=story)
    said, reader = form.cleaned_data, memory.counting_reader()
    return _moved(
        request,
        row,
        lambda **who: services.quote(reader=reader, **said, **who),
        _("Kept."),
    )


@requires(Permission.PUBLISH_STORY)
@require_POST
def publish(request: HttpRequest, story: int) -> HttpResponse:
    """Let everybody read it."""
    row = get_object_or_404(Story, pk=story)
    return _moved(request, row, services.publish, _("The story is published."))


@requires(Permission.PUBLISH_STORY)
@require_POST
def withdraw(request: HttpRequest, story: int) -> HttpResponse:
    """Take it out of sight."""
    row = get_object_or_404(Story, pk=story)
    return _moved(request, row, services.withdraw, _("Readers do not see it any more."))


def _write(
    request: HttpRequest, subject: Initiative, language: str, row: Story | None = None
) -> HttpResponse:
    form = WordsForm(request.POST or None, initial=_begun_with(request, subject, language, row))
    if form.is_valid():
        try:
            kept = services.write(
                initiative=subject,
                member=me(request),
                language=language,
                words=form.words,
                base=form.cleaned_data["base"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The story is kept."))
            address = reverse("stories:story", kwargs={"story": kept.pk})
            return redirect(f"{address}?language={language}")
    context = {
        "subject": subject,
        "row": row,
        "form": form,
        "in_language": language,
        "languages_known": Language.choices,
    }
    return render(request, "stories/write.html", context, status=422 if form.errors else 200)


def _begun_with(
    request: HttpRequest, subject: Initiative, language: str, row: Story | None
) -> dict[str, Any]:
    """What the form begins with: what is written, or else a draft of what is known."""
    if request.method == "POST" or subject.shipped_at is None:
        return {}
    text = StoryText.objects.filter(story=row, language=language).first() if row else None
    if text is None:
        return drafted(memory.counting_reader(), subject, language)
    names = ("title", "said", "changed", "numbers", "quote")
    return {name: getattr(text, name) for name in names} | {"base": text.version}


def _posts(request: HttpRequest, row: Story, text: StoryText) -> list[posting.Draft]:
    place = reverse("stories:public_short", kwargs={"story": row.pk})
    return posting.drafts(
        [text.title, text.changed, text.numbers], request.build_absolute_uri(place)
    )


def _moved(request: HttpRequest, row: Story, deed: Callable[..., None], done: str) -> HttpResponse:
    with doing(request, done):
        deed(story=row, member=me(request))
    return redirect("stories:story", story=row.pk)
