"""Agents: whoever signs in to the portal or the Django admin."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from .roles import Role, allows


class AgentManager(BaseUserManager["Agent"]):
    """Makes agents; an e-mail address is their name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Agent":
        """A saved agent. Without a password the agent cannot sign in until one is set."""
        agent = self.model(email=self.normalize_email(email).lower(), **fields)
        agent.set_password(password)
        agent.save()
        return agent

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Agent":
        """An admin; `manage.py createsuperuser` calls this."""
        return self.create_user(email, password, **{**fields, "role": Role.ADMIN})

    def get_by_natural_key(self, username: str | None) -> "Agent":
        """Addresses are kept in lower case, so that signing in ignores case."""
        return self.get(email=(username or "").lower())


class Agent(AbstractBaseUser):
    """A person with a role (R48). Permissions follow from the role, without a query.

    An empty language, time zone or theme is the browser's.
    """

    class Theme(models.TextChoices):
        """The colours of the pages."""

        SYSTEM = "", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=255)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("date joined"), auto_now_add=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=5, choices=Theme.choices, blank=True, default=Theme.SYSTEM)
    keyboard = models.BooleanField(default=True)  # WCAG 2.1.4: keys of one letter can be switched off

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(name="agent_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Only admins enter the Django admin."""
        return self.is_superuser

    @property
    def is_superuser(self) -> bool:
        """An active admin."""
        return self.is_active and self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether the role holds `perm`; an inactive agent holds none."""
        return self.is_active and allows(self.role, perm)

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """Whether the role holds all of them."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """The Django admin asks this for each app: admins see all, others none."""
        return self.is_superuser
