"""Forms of articles: the words, the shelf, a picture; and what a reader says of an article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sori.articles.models import Article, Category, Language

LONGEST = 40_000


class WordsForm(forms.Form):
    """Title and body in one language; `base` is the revision the writer began with."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)


class PlaceForm(forms.Form):
    """Who reads it, and where it stands."""

    visibility = forms.ChoiceField(label=_("Readers"), choices=Article.Visibility.choices)
    category = forms.ModelChoiceField(
        Category.objects.order_by("position"),
        label=_("Category"),
        required=False,
        empty_label=_("None"),
    )

    @property
    def place(self) -> dict[str, Any]:
        """What was chosen, for `services`."""
        category = self.cleaned_data["category"]
        return {
            "visibility": self.cleaned_data["visibility"],
            "category": category.pk if category else None,
        }


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]  # (not subscriptable at run time)
    """The names of a shelf."""

    class Meta:
        model = Category
        fields = ("name", "name_en")


class PictureForm(forms.Form):
    """One picture."""

    picture = forms.FileField(label=_("Picture"))


class VoteForm(forms.Form):
    """Whether it helped, and on "no" a few words."""

    helpful = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    words = forms.CharField(max_length=500, required=False)


class OfferedForm(forms.Form):
    """What somebody writes into a web form, to look for articles."""

    subject = forms.CharField(max_length=200, required=False)
    text = forms.CharField(max_length=20_000, required=False)
    ticket = forms.CharField(max_length=400, required=False)
    language = forms.ChoiceField(choices=Language.choices, required=False)
