"""All settings of the site, read from the environment once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sori.web import environment as env
from sori.web.headers import content_security_policy
from sori.web.logs import logging_settings
from sori.web.static_version import version_of

HERE = Path(__file__).parent
HOME: Path = env.home()
LAKE: str = env.text("SORI_LAKE", str(HOME / "lake"))
FILES: Path = HOME / "files"
ENGINE: str = env.text("SORI_ENGINE", "local")
TIER: str = env.one_of("SORI_TIER", ("auto", "fast", "deep"))

SECRET_KEY = env.text("SORI_SECRET_KEY") or env.kept_secret(HOME, "secret.key")
VAULT_KEY = env.text("SORI_VAULT_KEY") or env.kept_secret(HOME, "vault.key")
DEBUG = env.flag("SORI_DEBUG", default=False)
# The address people type, when a proxy stands in front: "https://sori.example.com".
SITE_URL = env.text("SORI_URL").rstrip("/")
ALLOWED_HOSTS = env.hosts(SITE_URL)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "sori.staff",
    "sori.journal",
    "sori.people",
    "sori.listen",
    "sori.lessons",
    "sori.respond",
    "sori.articles",
    "sori.automation",
    "sori.teamwork",
    "sori.webchat",
    "sori.change",
    "sori.change.ideas",
    "sori.change.initiatives",
    "sori.change.loops",
    "sori.change.outcomes",
    "sori.change.stories",
    "sori.change.notices",
    "sori.change.studies",
    "sori.insight",
    "sori.portrait",
    "sori.notifications",
    "sori.tracing",
    "sori.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sori.web.headers.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sori.web.language.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sori.web.gate.Gate",
]

ROOT_URLCONF = "sori.web.urls"
AUTH_USER_MODEL = "staff.Member"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {"default": env.database(HOME)}

# Several processes count failed sign-ins together, so the counts live in the database; many chats
# at once must not crowd them out.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "sori.web.jinja.environment",
            "context_processors": [
                "sori.web.context.page",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {  # for the mails of allauth; every page of ours is Jinja2
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = env.text("SORI_TIME_ZONE", "Asia/Seoul")
USE_TZ = True
# What customers are worth and what they bought is written in it.
CURRENCY = env.text("SORI_CURRENCY", "KRW")

# The version is part of the address, so a browser may keep every file for ever.
STATIC_VERSION = version_of(HERE / "static")
STATIC_URL = f"/static/{STATIC_VERSION}/"
STATIC_ROOT = HOME / "static" / STATIC_VERSION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedStaticFilesStorage"},
}

HTTPS = SITE_URL.startswith("https:")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "sori_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = env.number("SORI_SESSION_HOURS", 24 * 14) * 3600
# Signed sessions could not be ended early and cached ones live on in other processes.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_NAME = "sori_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sori.web.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

OIDC = env.oidc()
ACCOUNT_ADAPTER = "sori.staff.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "sori.staff.forms.SignInForm",
    "reauthenticate": "sori.staff.forms.ProveForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# Whoever has just opened a sign-in link of ours has proved who they are as well.
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa", "link"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "sign_in_link": "20/h/ip,3/15m/key",
    "welcome": "20/h/ip",
    "reauthenticate": "10/m/user",
}
# Nobody believes X-Forwarded-For unless the operator says how many proxies are ours.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("SORI_PROXIES", 0)
MFA_ADAPTER = "sori.staff.adapters.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "sori.staff.forms.KeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sori"
# Browsers allow passkeys without TLS on localhost alone; fido2 is told to as well.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "sori.staff.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": OIDC.apps, "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False

CONTENT_SECURITY_POLICY = content_security_policy(form_targets=OIDC.origins)

MAIL = env.mail()
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("SORI_MAIL_FROM", "Sori <sori@localhost>")
EMAIL_SUBJECT_PREFIX = ""

# Whether web hooks of notifications may lead to addresses inside the own network.
PRIVATE_WEBHOOKS = env.flag("SORI_PRIVATE_WEBHOOKS", default=False)
# Whose mail addresses are colleagues'; without any, those of the members' own domains.
COLLEAGUE_DOMAINS = tuple(env.text("SORI_COLLEAGUE_DOMAINS").replace(",", " ").split())

ASSISTANT = env.assistant()

# What the public help centre is called, such as "Sodam Telecom".
HELP_NAME = env.text("SORI_HELP_NAME")

# For how long an answer can be taken back after "Send".
UNDO_SEND = timedelta(seconds=env.number("SORI_UNDO_SEND", 10))

# How long a live connection may outlive a sign-out, in seconds.
LIVE_RECHECK = env.number("SORI_LIVE_RECHECK", 60)

LOGGING = logging_settings(as_json=env.flag("SORI_LOG_JSON", default=False))
