"""Admin forms of the outbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outbox.models import Subscriber


class EventPatternsField(forms.CharField):
    """Event patterns, one a line; a list in Python."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace(",", " ").split()


class SubscriberForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy alone
    """Form of a subscriber. A key is write-only."""

    events = EventPatternsField(
        label=_("events"),
        initial=["article.*"],
        help_text=_("One to a line: article.published, or article.* for all of a kind, or *."),
    )
    key = forms.CharField(
        label=_("key of the service"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Fastly, Cloudflare, IndexNow: the key they gave you. Empty leaves it as it is. "
            "Webhooks get a secret from us."
        ),
    )

    class Meta:
        model = Subscriber
        fields = ("name", "kind", "url", "events", "options")
        help_texts = {
            "url": _("Where we call: a public address, or one in OUTBOX_PRIVATE_NETWORKS."),
            "options": _(
                'Fastly {"service": "…"}, Cloudflare {"zone": "…"}, a cache of ours {"host": "…"}.'
            ),
        }


class ReplaySinceForm(forms.Form):
    """From when events are sent again."""

    since = forms.SplitDateTimeField(
        label=_("Since"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}, time_format="%H:%M"
        ),
        help_text=_("Everything it asks for that happened since then, in its order."),
    )


class DisableReasonForm(forms.Form):
    """Why a subscriber is disabled."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
