"""A form drawn from a channel's settings: the channel says what it asks, once, in its model."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sori.channels.unfit import Unfit
from sori.listen.models import Source

_SIMPLE: Final[Mapping[Any, type[forms.Field]]] = {
    bool: forms.BooleanField,
    int: forms.IntegerField,
    float: forms.FloatField,
    date: forms.DateField,
    datetime: forms.DateTimeField,
}


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Read the lines; empty ones say nothing."""
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class SettingsForm(forms.Form):
    """What a channel wants to know.

    Args:
        model: the channel's pydantic `Settings`.
        kept: names of secrets and files that are stored already; left empty they stay.
    """

    prefix = "settings"

    def __init__(
        self, *args: Any, model: type[BaseModel], kept: frozenset[str] = frozenset(), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._model = model
        self._kept = kept
        for name, info in model.model_fields.items():
            if not _extra(info).get("generated"):
                self.fields[name] = _field(info, kept=name in kept)

    @property
    def first(self) -> list[forms.BoundField]:
        """What everybody has to think about."""
        return [bound for bound in self if not self._is_advanced(bound.name)]

    @property
    def advanced(self) -> list[forms.BoundField]:
        """What can stay as it is."""
        return [bound for bound in self if self._is_advanced(bound.name)]

    @property
    def presets(self) -> dict[str, Any]:
        """Values for well-known providers, by provider."""
        extra = self._model.model_config.get("json_schema_extra")
        found = extra.get("presets") if isinstance(extra, dict) else None
        return found if isinstance(found, dict) else {}

    def _is_advanced(self, name: str) -> bool:
        return bool(_extra(self._model.model_fields[name]).get("advanced"))

    def clean(self) -> dict[str, Any]:
        """What the channel itself has to say about the values, beside the field concerned."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "") or name not in self._kept
        }
        wanted = {name: value for name, value in given.items() if not self._unset(name, value)}
        stored = dict.fromkeys(self._kept - wanted.keys(), "stored already")
        named = {name: _named(value) for name, value in wanted.items()}
        try:
            self._model.model_validate(named | stored)
        except ValidationError as error:
            for fault in error.errors(include_input=False, include_url=False):
                place = str(fault["loc"][0]) if fault["loc"] else None
                known = place if place in self.fields else None
                if known not in self.errors:
                    self.add_error(known, _words(fault))
        return wanted

    def _unset(self, name: str, value: Any) -> bool:
        """Whether a value left empty means the model's own default."""
        return value in (None, "") and not self._model.model_fields[name].is_required()


def _words(fault: ErrorDetails) -> str:
    """What is wrong with a value, in the reader's language."""
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, Unfit):
        return gettext(error.words) % error.values
    return gettext(fault["msg"].removeprefix("Value error, "))


def file_fields(model: type[BaseModel]) -> frozenset[str]:
    """The settings that are files, and are handed in rather than typed."""
    return frozenset(name for name, info in model.model_fields.items() if info.annotation is Path)


def _named(value: Any) -> Any:
    """A value as the model knows it: of a file that was handed in, its name."""
    return value.name if isinstance(value, UploadedFile) else value


def _extra(info: FieldInfo) -> Mapping[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def _field(info: FieldInfo, *, kept: bool) -> forms.Field:
    extra = _extra(info)
    options: dict[str, Any] = {
        "label": gettext(info.title) if info.title else None,
        "help_text": gettext(info.description) if info.description else "",
        "required": info.is_required() and not kept,
        "initial": None if info.is_required() else info.get_default(call_default_factory=True),
    }
    field = _typed(info.annotation, str(extra.get("format", "")), options, kept=kept)
    if placeholder := extra.get("placeholder"):
        field.widget.attrs["placeholder"] = str(placeholder)
    return field


def _typed(annotation: Any, look: str, options: dict[str, Any], *, kept: bool) -> forms.Field:
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    if annotation is SecretStr or SecretStr in kinds:
        return _secret(options, kept=kept)
    if get_origin(annotation) is Literal:
        words = [(value, gettext(str(value) or "None")) for value in get_args(annotation)]
        return forms.ChoiceField(choices=words, **options)
    if get_origin(annotation) is list:
        return LinesField(**options)
    if look == "email-source":
        return forms.ChoiceField(choices=_mailboxes(), **options)
    if annotation is Path:
        return forms.FileField(**options | {"initial": None})
    if annotation is bool:
        options["required"] = False
    if look == "textarea":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **options)
    simple = _SIMPLE.get(annotation) or next((_SIMPLE[k] for k in kinds if k in _SIMPLE), None)
    return (simple or forms.CharField)(**options)


def _secret(options: dict[str, Any], *, kept: bool) -> forms.Field:
    options["initial"] = None
    attributes = {"autocomplete": "new-password"}
    if kept:
        attributes["placeholder"] = gettext("stored; leave empty to keep it")
    return forms.CharField(
        widget=forms.PasswordInput(attrs=attributes, render_value=False), strip=False, **options
    )


def _mailboxes() -> list[tuple[str, str]]:
    names = Source.objects.filter(channel="email").values_list("slug", "name")
    return [("", gettext("nobody can answer")), *names]
