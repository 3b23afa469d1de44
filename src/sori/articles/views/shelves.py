"""The shelves that articles stand on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.articles import selectors, services
from sori.articles.forms import CategoryForm
from sori.articles.models import Category
from sori.errors import Refused
from sori.staff.permissions import Permission, me, requires


@requires(Permission.PUBLISH_ARTICLE)
@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: HttpRequest) -> HttpResponse:
    """All of them in their order, and a form for a new one."""
    return _form(request, None)


@requires(Permission.PUBLISH_ARTICLE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, category: int) -> HttpResponse:
    """Name one anew."""
    return _form(request, get_object_or_404(Category, pk=category))


@requires(Permission.PUBLISH_ARTICLE)
@require_POST
def up(request: HttpRequest, category: int) -> HttpResponse:
    """Put one before the one before it."""
    row = get_object_or_404(Category, pk=category)
    services.raise_category(category=row, member=me(request))
    return redirect("articles:categories")


@requires(Permission.PUBLISH_ARTICLE)
@require_POST
def delete(request: HttpRequest, category: int) -> HttpResponse:
    """Take one away; its articles stay."""
    services.delete_category(category=get_object_or_404(Category, pk=category), member=me(request))
    messages.success(request, _("The category is gone; its articles are still here."))
    return redirect("articles:categories")


def _form(request: HttpRequest, category: Category | None) -> HttpResponse:
    form = CategoryForm(request.POST or None, instance=category)
    if form.is_valid():
        try:
            services.keep_category(member=me(request), category=category, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            return redirect("articles:categories")
    context = {"form": form, "category": category, "categories": selectors.categories()}
    status = 422 if form.is_bound else 200
    return render(request, "articles/categories.html", context, status=status)
