"""What several admin pages share."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from contacts.errors import ContactError

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class NoDelete(ModelAdmin):
    """Rows that the Django admin never deletes by itself."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody; this takes the stock action and page away."""
        return False


class ReadOnly(NoDelete):
    """Rows to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class IdsOnlyLog(NoDelete):
    """R30: the Django admin's own log outlives an erased contact, so it names rows by their id alone."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """As Django does, without the row's text."""
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """As Django does, without the row's text; the message names fields, never values."""
        return self._log(request, obj, CHANGE, message)

    def log_erasure(self, request: HttpRequest, obj: Any) -> LogEntry:
        """That this row went for good."""
        return self._log(request, obj, DELETION, [])

    def _log(self, request: HttpRequest, obj: Any, flag: int, message: Any) -> LogEntry:
        return LogEntry.objects.create(
            user_id=request.user.pk,  # type: ignore[misc]  # nobody unknown comes this far
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            object_repr=f"{obj._meta.verbose_name} {obj.pk}",
            action_flag=flag,
            change_message=json.dumps(message) if message else "",
        )


class RefusalsShown(ModelAdmin):
    """What the lifecycle refuses becomes a message, never a server error."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page again, with the reason; nothing was changed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ContactError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def each(
        self, request: HttpRequest, keys: Iterable[Any], step: Callable[[Any], object], done: Any
    ) -> None:
        """Take `step` for every key, each in its own transaction; `done` says of how many."""
        count = 0
        for key in keys:
            try:
                step(key)
                count += 1
            except (ContactError, ObjectDoesNotExist) as error:
                self.message_user(request, f"{self.opts.verbose_name} {key}: {error}", messages.ERROR)
        if count:
            self.message_user(request, done % {"number": count})
