"""Forms about members."""

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from sori.staff.models import Department, Member, Role, Team
from sori.staff.selectors import department_names

LONGEST_TEAM = 80


class Suggestions(forms.TextInput):
    """A text field that suggests what there is already."""

    def __init__(self, options: Sequence[str] = ()) -> None:
        super().__init__({"autocomplete": "off"})
        self.options = options

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The input, and its list of suggestions."""
        identity = f"{name}-options"
        field = super().render(name, value, {**(attrs or {}), "list": identity}, renderer)
        options = format_html_join("", '<option value="{}">', ((each,) for each in self.options))
        return format_html('{}<datalist id="{}">{}</datalist>', field, identity, options)


class PlaceForm(forms.Form):
    """Where somebody stands in the company."""

    name = forms.CharField(label=_("Name"), max_length=80)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    department = forms.CharField(
        label=_("Department"),
        max_length=Department._meta.get_field("name").max_length,
        required=False,
        help_text=_("A new name founds the department."),
    )

    teams = forms.CharField(
        label=_("Teams"),
        max_length=400,
        required=False,
        help_text=_("Of this department, with commas between them. A new name founds the team."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].widget = Suggestions(department_names())

    def clean_teams(self) -> list[str]:
        """Their names, each once."""
        names = (" ".join(one.split()) for one in self.cleaned_data["teams"].split(","))
        found = list(dict.fromkeys(filter(None, names)))
        if any(len(one) > LONGEST_TEAM for one in found):
            raise forms.ValidationError(_("A team's name has at most 80 characters."))
        return found

    def clean(self) -> dict[str, Any]:
        """A team belongs to a department, and to one alone."""
        said: dict[str, Any] = super().clean() or {}
        teams, department = said.get("teams") or [], said.get("department") or ""
        if teams and not department.strip():
            self.add_error("teams", _("A team belongs to a department: name one."))
        taken = Team.objects.filter(name__in=teams).exclude(department__name=department.strip())
        for team in taken.select_related("department")[:1]:
            words = _("%(team)s is a team of %(place)s.")
            self.add_error("teams", words % {"team": team.name, "place": team.department.name})
        return said


class InviteForm(PlaceForm):
    """A new member."""

    field_order = ["email", "name", "role", "department", "teams"]
    email = forms.EmailField(label=_("E-mail"), max_length=254)

    def clean_email(self) -> str:
        """An address that nobody has yet."""
        email: str = self.cleaned_data["email"].lower()
        if Member.objects.filter(email=email).exists():
            raise forms.ValidationError(_("A member with this address exists."))
        return email


class ProfileForm(forms.Form):
    """What members decide for themselves."""

    name = forms.CharField(label=_("Name"), max_length=80)
    about = forms.CharField(
        label=_("One line about you"),
        max_length=160,
        required=False,
        help_text=_("It goes with your answers, under your name, where the channel allows."),
    )
    photo = forms.FileField(
        label=_("Your face"),
        required=False,
        help_text=_("JPEG, PNG or WebP. A small square of it goes with your answers."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    no_photo = forms.BooleanField(label=_("Show initials instead"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        required=False,
    )
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        required=False,
        widget=forms.Select({"data-theme-choice": True}),
    )


class AddressForm(forms.Form):
    """Where to mail a sign-in link."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "autofocus": True}),
    )


class AdministratorForm(forms.Form):
    """The first member."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def clean(self) -> dict[str, Any] | None:
        """Judge the password knowing who it belongs to."""
        cleaned = super().clean() or {}
        if "password" in cleaned:
            owner = Member(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], owner)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password; who forgot it asks for a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class ProveForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more; who forgot it comes back by link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey (it signs in alone) or a security key (it is the second factor)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].label = _("Passkey: signs in alone, without a password")
        self.fields["passwordless"].help_text = _(
            "Your device asks for fingerprint, face or PIN. Without it, the key is a second factor."
        )
        self.fields["passwordless"].initial = True
