"""The forms of the people who sign in."""

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from .models import Agent

if TYPE_CHECKING:
    ProfileFormBase = forms.ModelForm[Agent]
else:
    ProfileFormBase = forms.ModelForm

_BROWSERS = ("", _("As the browser"))


class SignInForm(AuthenticationForm):
    """E-mail address and password. The answer to a failure does not tell which of the two was wrong."""

    error_messages = {
        "invalid_login": _(
            "This e-mail address and password do not belong together. Check both and try again."
        ),
        "inactive": _("This account is switched off. An admin can switch it on again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.label = _("E-mail address")
        username.widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


class PasswordForm(PasswordChangeForm):
    """The old password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "At least 12 characters, no common password, and nothing like your name or address."
        )


@cache  # the names are files, which would be looked for each time
def _zones() -> list[tuple[str, Any]]:
    """Every place by its IANA name, without the other names that zones have."""
    known = zoneinfo.available_timezones()
    places = sorted(name for name in known if "/" in name and not name.startswith("Etc/"))
    return [_BROWSERS, ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class ProfileForm(ProfileFormBase):
    """What agents set for themselves."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[_BROWSERS, *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=_zones)

    class Meta:
        model = Agent
        fields = ("name", "language", "time_zone", "theme", "keyboard")
        labels = {"name": _("Name"), "theme": _("Colours"), "keyboard": _("Keyboard keys")}
        help_texts = {
            "name": _("Colleagues see it in timelines."),
            "keyboard": _(
                "Keys such as / and j work while you are not typing. Switch them off if your speech input or "
                "another aid sets them off."
            ),
        }
