"""Forms of ideas: what visitors write, and what members decide."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sori.change.ideas import cleaning
from sori.change.ideas.models import (
    LONGEST_BODY,
    LONGEST_COMMENT,
    LONGEST_TITLE,
    Audience,
    Board,
    Status,
)
from sori.channels.mail.addresses import checked, normal

_KEY: Final = 22


class Trapped(forms.Form):
    """A form with a field that no person sees; whoever fills it in is none."""

    website = forms.CharField(required=False, max_length=200)

    @property
    def trapped(self) -> bool:
        """Whether a machine filled it in."""
        return bool(self.cleaned_data.get("website"))


class IdeaForm(Trapped):
    """An idea; `key` is the page's own name for it, so that two clicks are one idea."""

    board = forms.ModelChoiceField(Board.objects.none(), label=_("Board"), empty_label=None)
    title = forms.CharField(
        label=_("What do you wish for?"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Why, and for whom?"),
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=_KEY)

    def __init__(self, *args: Any, boards: list[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["board"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Board.objects.filter(pk__in=[one.pk for one in boards])
        if len(boards) == 1:
            field.widget = forms.HiddenInput()
            field.initial = boards[0].pk

    def clean_title(self) -> str:
        """A title in which something can be read."""
        title = cleaning.one_line(self.cleaned_data["title"], LONGEST_TITLE)
        if not title:
            raise forms.ValidationError(_("Say in a few words what you wish for."))
        return title

    def clean_body(self) -> str:
        """The words, without what nobody is to see."""
        return cleaning.paragraphs(self.cleaned_data["body"], LONGEST_BODY)

    def wish(self) -> dict[str, Any]:
        """What was filled in, as `wishes` knows it."""
        said = self.cleaned_data
        words = {"title": said["title"], "body": said["body"], "key": said["key"]}
        return {"deed": "propose", "board": said["board"].pk, **words}


class CommentForm(Trapped):
    """Something said of an idea."""

    body = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_body(self) -> str:
        """The words, without what nobody is to see."""
        return cleaning.paragraphs(self.cleaned_data["body"], LONGEST_COMMENT)


class MailForm(Trapped):
    """Where a link is sent."""

    email = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    wish = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)

    def clean_email(self) -> str:
        """Exactly one plain address, in its normal form."""
        try:
            return normal(checked(self.cleaned_data["email"]))
        except ValueError as error:
            raise forms.ValidationError(_("This is not a mail address.")) from error


class NameForm(forms.Form):
    """What others call a visitor."""

    name = forms.CharField(
        label=_("What shall others call you?"),
        max_length=40,
        required=False,
        help_text=_("It stands beside your ideas and comments. Your address is shown to nobody."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )


class BoardForm(forms.Form):
    """A board."""

    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    audience = forms.ChoiceField(
        label=_("Who sees it"),
        choices=Audience.choices,
        help_text=_("This stays as it is once the board is made."),
    )
    moderated = forms.BooleanField(
        label=_("What visitors write is shown after a member has looked"),
        required=False,
        initial=True,
    )
    origins = forms.CharField(
        label=_("Sites that may show it in a frame"),
        required=False,
        max_length=2_000,
        help_text=_("One a line, such as https://www.example.com."),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.example.com"}),
    )

    def clean_origins(self) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in self.cleaned_data["origins"].splitlines() if line.strip()]


class AnswerForm(forms.Form):
    """What becomes of an idea."""

    status = forms.ChoiceField(label=_("Status of the idea"), choices=Status.choices)
    words = forms.CharField(
        label=_("Public answer"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RewordForm(forms.Form):
    """An idea in better words."""

    board = forms.ModelChoiceField(Board.objects.all(), label=_("Board"), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
