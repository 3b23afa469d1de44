"""The pages of the topics: the tree, one topic, the tree as text, and a place to try a sentence."""

from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori.errors import Refused
from sori.lessons import topics as service
from sori.lessons.forms import NewTopicForm, TopicForm
from sori.staff.models import Member
from sori.staff.permissions import Permission, requires
from sori.understand.topics import make_topics
from sori.understand.topictree import Topic

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.READ_SOURCES)
@require_GET
def topics(request: HttpRequest) -> HttpResponse:
    """All topics by group."""
    tree = service.tree()
    groups = [
        {"group": one, "topics": [t for t in tree.topics if t.group == one.slug and t is not one]}
        for one in tree.topics
        if one.slug == one.group
    ]
    context = {"groups": groups, "name": _name(), "own": service.own_tree() is not None}
    return render(request, "lessons/topics.html", context)


@requires(Permission.READ_SOURCES)
@require_POST
def attempt(request: HttpRequest) -> HttpResponse:
    """What a sentence is about by the tree as it stands; a part of a page."""
    words = request.POST.get("words", "")[:2000]
    tree = service.tree()
    found = make_topics(tree)(pa.record_batch({"text": [_without_halves(words)]}))
    names = tree.names(get_language() or "ko")
    slugs = found.column("topics").to_pylist()[0] if words.strip() else None
    context = {"found": None if slugs is None else [(slug, names[slug]) for slug in slugs]}
    return render(request, "lessons/tried.html", context)


@requires(Permission.CHANGE_QUERIES)
@get_or_post
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one topic."""
    row = next((one for one in service.tree().topics if one.slug == slug), None)
    if row is None:
        raise Http404
    first = {"ko": row.ko, "en": row.en} | {
        name: "\n".join(getattr(row, name)) for name in ("phrases", "hints", "unless")
    }
    return _edit(request, TopicForm(request.POST or None, initial=first), row)


@requires(Permission.CHANGE_QUERIES)
@get_or_post
def new_topic(request: HttpRequest) -> HttpResponse:
    """Add a topic."""
    return _edit(request, NewTopicForm(request.POST or None), None)


@requires(Permission.CHANGE_QUERIES)
@require_POST
def delete_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a topic out."""
    try:
        service.delete_topic(slug=slug, member=_me(request))
    except Refused as refused:
        raise Http404 from refused
    return redirect("lessons:topics")


@requires(Permission.CHANGE_QUERIES)
@get_or_post
def text(request: HttpRequest) -> HttpResponse:
    """The whole tree as text, to be edited, copied or kept."""
    written, problem = service.tree().dump(), ""
    if request.method == "POST":
        written = request.POST.get("text", "")
        try:
            service.save_tree(text=written, member=_me(request))
            return redirect("lessons:topics")
        except Refused as refused:
            problem = str(refused)
    context = {"text": written, "problem": problem}
    return render(request, "lessons/topics_text.html", context, status=422 if problem else 200)


def _edit(request: HttpRequest, form: Any, row: Topic | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        slug = row.slug if row else said.pop("slug")
        changed = service.edited(row or Topic(slug, "", ""), **said)
        try:
            service.save_topic(topic=changed, member=_me(request), new=row is None)
            return redirect("lessons:topics")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "topic": row, "name": _name()}
    return render(request, "lessons/topic.html", context, status=422 if form.errors else 200)


def _name() -> str:
    """Which of its names a topic shows."""
    return "en" if (get_language() or "ko").startswith("en") else "ko"


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _without_halves(words: str) -> str:
    return words.encode("utf-8", "ignore").decode()
