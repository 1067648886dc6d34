"""Views of the contact list that agents keep, and how each agent likes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from contacts.querysets import SavedViewQuerySet

LONGEST = 4000  # characters of an address; a web server takes twice as many


class SavedView(models.Model):
    """A state of the contact list under a name: the query of its address, as `Listing` writes it.

    Its owner sees it, and everybody once it is shared.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST)
    is_shared = models.BooleanField(default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        permissions = [("share_savedview", "Can share saved views")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(name="saved_view_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Its query, which says of which view the list is."""
        return f"{self.query}&view={self.pk}"

    def may_be_changed_by(self, agent_id: int, *, may_share: bool) -> bool:
        """By its owner; a shared one by whoever may share."""
        return self.owner_id == agent_id or (self.is_shared and may_share)


class ListPreference(models.Model):
    """What an agent finds who opens the list without saying more: a view, or the columns chosen last."""

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="list_preference"
    )
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, blank=True, related_name="+")
    columns = models.CharField(max_length=2000, blank=True)

    def __str__(self) -> str:
        return str(self.agent_id)
