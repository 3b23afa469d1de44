"""Members, departments and teams."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """A part of the company that answers for something."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People of one department who share work."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody may do; `permissions.py` holds the table."""

    VIEWER = "viewer", _("Viewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMIN = "admin", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class MemberManager(UserManager["Member"]):
    """Makes members from an e-mail address; there are no user names."""

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: object
    ) -> "Member":
        """A new member; without a password they sign in by link."""
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: object
    ) -> "Member":
        """An administrator, for Django's own command."""
        return self.create_user(
            email, password, role=Role.ADMIN, is_staff=True, is_superuser=True, **fields
        )


class Member(AbstractUser):
    """Somebody who works here and signs in."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("one line about you"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.VIEWER)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="members"
    )
    teams = models.ManyToManyField(Team, blank=True, related_name="members")
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(
        _("theme"),
        max_length=6,
        blank=True,
        choices=[("", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
    )

    # When they opened a link we mailed there; an address nobody proved is only a claim.
    email_proved_at = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = MemberManager()  # type: ignore[misc]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email


class Face(models.Model):
    """How a member looks: a small square JPEG, drawn anew from what they uploaded."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="face")
    image = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"face of {self.member}"


class SignInLink(models.Model):
    """A link that signs one member in, once, for a short while; only its hash is kept.

    A `printed` one was shown to whoever runs the site and works when it is opened; a mailed one
    asks for a click, because mail scanners open every link they see.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    printed = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in link for {self.member}"
