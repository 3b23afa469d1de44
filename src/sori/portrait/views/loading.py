"""Hand in a file of orders and contracts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sori.errors import Refused
from sori.people import purchases as bought
from sori.people.models import Purchase
from sori.portrait.forms import FileForm
from sori.staff.permissions import Permission, me, requires


@requires(Permission.LOAD_PURCHASES)
@require_http_methods(["GET", "HEAD", "POST"])
def purchases(request: HttpRequest) -> HttpResponse:
    """The form, and what came of a file."""
    form = FileForm(request.POST or None, request.FILES or None)
    loaded = None
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(bought.LARGEST + 1)
        try:
            loaded = bought.load(content=content, member=me(request))
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {"form": form, "loaded": loaded, "count": Purchase.objects.count()}
    status = 422 if form.errors else 200
    return render(request, "portrait/purchases.html", context, status=status)
