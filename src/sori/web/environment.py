"""Read settings from the environment, loudly: a value that cannot work stops the start."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from sori.errors import ConfigurationError

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable as it stands, or what the file named by NAME_FILE holds."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """A variable that is on or off."""
    value = text(name, "1" if default else "0").lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ConfigurationError(f"{name} is {value!r}; write 1 or 0")


def number(name: str, default: int) -> int:
    """A variable that is a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ConfigurationError(f"{name} is {value!r}; write a whole number") from None


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """A variable that is one of some words, the first when not given."""
    value = text(name, choices[0])
    if value in choices:
        return value
    raise ConfigurationError(f"{name} is {value!r}; write one of {', '.join(choices)}")


def hosts(site: str) -> list[str]:
    """The names this site answers to: SORI_HOSTS, separated by commas, and the one in SORI_URL."""
    names = text("SORI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    host = urlsplit(site).hostname
    return [name.strip() for name in [*names, host or ""] if name.strip()]


def home() -> Path:
    """Where this installation keeps everything: SORI_HOME, or ./var."""
    return Path(text("SORI_HOME") or "var").absolute()


def kept_secret(folder: Path, name: str) -> str:
    """A random secret that is made once and kept in a file only its owner can read."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # mkstemp makes it private; link refuses to overwrite, so two starters agree on one secret
        handle, draft = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()


def database(folder: Path) -> dict[str, Any]:
    """Django's settings for DATABASE_URL, or for SQLite in `folder`."""
    url = urlsplit(text("DATABASE_URL", f"sqlite:///{folder / 'sori.sqlite3'}"))
    if url.scheme == "sqlite":
        return _sqlite(url.path)
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            # a socket folder stands in ?host=, as in PostgreSQL's own addresses
            "HOST": url.hostname or parse_qs(url.query).get("host", [""])[0],
            "PORT": url.port or "",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ConfigurationError(
        f"DATABASE_URL begins with {url.scheme!r}; write sqlite:///PATH or"
        " postgresql://USER:PASSWORD@HOST/NAME"
    )


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # opening the file and its pragmas cost more than most of our pages
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;"
                "PRAGMA cache_size=-32768; PRAGMA foreign_keys=ON;"
                # what is deleted is overwritten, so that whoever is forgotten is gone from the file
                "PRAGMA secure_delete=ON;"
            ),
        },
        # a file, so that threads of one test see one database
        "TEST": {"NAME": f"{path}.test"},
    }


class Mail(NamedTuple):
    """How the site sends its own mail (sign-in links); answers to customers go by their channel."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail() -> Mail:
    """SORI_MAIL_URL: smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT.

    Without it, mails are written to the console.
    """
    url = urlsplit(text("SORI_MAIL_URL"))
    if not url.scheme:
        return Mail("django.core.mail.backends.console.EmailBackend")
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if url.scheme not in ports or not url.hostname:
        raise ConfigurationError(
            f"SORI_MAIL_URL begins with {url.scheme!r}; write smtp://HOST:25,"
            " smtp+starttls://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465"
        )
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        url.hostname,
        url.port or ports[url.scheme],
        unquote(url.username or ""),
        unquote(url.password or ""),
        url.scheme == "smtp+starttls",
        url.scheme == "smtps",
    )


class Assistant(NamedTuple):
    """A language model that speaks the chat completions of the OpenAI API; off without `url`."""

    url: str = ""
    model: str = ""
    key: str = ""
    seconds: int = 60


def assistant() -> Assistant:
    """SORI_LLM_URL (https://HOST/v1) with its model, key and patience in seconds."""
    address = text("SORI_LLM_URL").rstrip("/")
    if not address:
        return Assistant()
    url, model = urlsplit(address), text("SORI_LLM_MODEL")
    if url.scheme not in {"https", "http"} or not url.hostname or not model:
        raise ConfigurationError(
            "SORI_LLM_URL needs a full address (http://127.0.0.1:11434/v1) and SORI_LLM_MODEL"
            " beside it"
        )
    return Assistant(address, model, text("SORI_LLM_KEY"), number("SORI_LLM_SECONDS", 60))


class Oidc(NamedTuple):
    """Signing in with the company's own accounts (OpenID Connect)."""

    apps: list[dict[str, Any]]
    origins: list[str]


def oidc() -> Oidc:
    """SORI_OIDC_ISSUER with its client id, secret and the name on the button; off without them."""
    issuer = text("SORI_OIDC_ISSUER").rstrip("/")
    if not issuer:
        return Oidc([], [])
    url = urlsplit(issuer)
    client = text("SORI_OIDC_CLIENT_ID")
    if url.scheme not in {"https", "http"} or not url.netloc or not client:
        raise ConfigurationError(
            "SORI_OIDC_ISSUER needs a full address (https://...) and SORI_OIDC_CLIENT_ID beside it"
        )
    app = {
        "provider_id": "company",
        "name": text("SORI_OIDC_NAME", url.hostname or "OpenID Connect"),
        "client_id": client,
        "secret": text("SORI_OIDC_CLIENT_SECRET"),
        "settings": {"server_url": issuer, "uid_field": "sub"},
    }
    return Oidc([app], [f"{url.scheme}://{url.netloc}"])
