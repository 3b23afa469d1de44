"""Secrets at rest: sealed with a key that is not in the database."""

import hashlib
import json
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from pydantic import BaseModel, SecretStr, ValidationError

from sori.channels import registry
from sori.errors import ConfigurationError
from sori.listen.models import Source

_NAME: Final = 4
_NONCE: Final = 12


def seal(plain: bytes, *, about: str) -> bytes:
    """Encrypt with AES-256-GCM.

    Args:
        plain: what nobody else may read.
        about: what it belongs to; a copy that was moved to another place cannot be opened there.

    Returns:
        Four bytes that name the key, twelve of nonce, then the ciphertext.
    """
    key = next(iter(_keys().values()))
    nonce = os.urandom(_NONCE)
    return _name_of(key) + nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(sealed: bytes, *, about: str) -> bytes:
    """Decrypt what `seal` made for the same `about`.

    Raises:
        ConfigurationError: the key is not the one it was sealed with, or it belongs elsewhere.
    """
    name, nonce, body = sealed[:_NAME], sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
    key = _keys().get(name)
    if key is None:
        raise ConfigurationError(
            "a secret was sealed with another key; put the old one behind the new one in"
            " SORI_VAULT_KEY, separated by a comma"
        )
    try:
        return AESGCM(key).decrypt(nonce, body, about.encode())
    except InvalidTag:
        raise ConfigurationError(f"the secret of {about} is damaged or not its own") from None


def sealed_settings(source: int, chosen: BaseModel) -> tuple[dict[str, object], bytes]:
    """Divide a channel's settings into what may be read and what may not.

    Returns:
        JSON for `Source.settings`, and bytes for `Source.secrets`.
    """
    secrets = {
        name: value.get_secret_value()
        for name, value in chosen
        if isinstance(value, SecretStr) and value.get_secret_value()
    }
    plain = chosen.model_dump(mode="json", exclude=secret_fields(chosen))
    return plain, seal(json.dumps(secrets).encode(), about=_secrets_of(source))


def opened_secrets(source: Source) -> dict[str, str]:
    """The secrets of a source in the clear; keep them in memory only."""
    if not source.secrets:
        return {}
    found: dict[str, str] = json.loads(unseal(bytes(source.secrets), about=_secrets_of(source.pk)))
    return found


def opened_settings(source: Source) -> BaseModel:
    """A source's settings as its channel wants them, secrets included.

    Raises:
        ConfigurationError: they do not fit the channel (any more).
    """
    kind = registry.channel(source.channel).Settings
    try:
        return kind.model_validate(source.settings | opened_secrets(source))
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        raise ConfigurationError(f"the settings of {source} need attention: {wrong}") from None


def secret_fields(settings_of_channel: BaseModel) -> set[str]:
    """The names of the fields that hold a secret."""
    return {name for name, value in settings_of_channel if isinstance(value, SecretStr)}


def _secrets_of(source: int) -> str:
    return f"secrets of source {source}"


def _keys() -> dict[bytes, bytes]:
    """Every key by its name, the one to seal with first."""
    written = [part.strip() for part in settings.VAULT_KEY.split(",") if part.strip()]
    keys = [hashlib.sha256(b"sori vault\0" + part.encode()).digest() for part in written]
    if not keys:
        raise ConfigurationError("SORI_VAULT_KEY is empty; write a long random text")
    return {_name_of(key): key for key in keys}


def _name_of(key: bytes) -> bytes:
    return hashlib.sha256(b"name\0" + key).digest()[:_NAME]
