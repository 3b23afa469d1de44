"""All settings of the site, read from the environment once."""

from pathlib import Path
from typing import Any

from sori.web import environment as env

HOME: Path = env.home()
LAKE: str = env.text("SORI_LAKE", str(HOME / "lake"))
FILES: Path = HOME / "files"
ENGINE: str = env.text("SORI_ENGINE", "local")

SECRET_KEY = env.text("SORI_SECRET_KEY") or env.kept_secret(HOME, "secret.key")
VAULT_KEY = env.text("SORI_VAULT_KEY") or env.kept_secret(HOME, "vault.key")
DEBUG = env.flag("SORI_DEBUG", default=False)
ALLOWED_HOSTS = env.text("SORI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "sori.staff",
    "sori.journal",
    "sori.people",
    "sori.listen",
    "sori.respond",
    "sori.insight",
    "sori.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "sori.web.urls"
AUTH_USER_MODEL = "staff.Member"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {"default": env.database(HOME)}

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = env.text("SORI_TIME_ZONE", "Asia/Seoul")
USE_TZ = True
STATIC_URL = "/static/"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
