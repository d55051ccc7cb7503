"""Button and form of the policy of a thread, on the page of its article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.actions import set_thread_policy
from comments.models import ThreadPolicy
from comments.models.policy import MAX_CLOSES_AFTER_DAYS, MAX_SLOW_MODE_SECONDS
from comments.permissions import may_moderate_comments
from newsroom.admin.base import Button


class ThreadPolicyForm(forms.Form):
    """The policy of a thread, as it is now."""

    mode = forms.ChoiceField(
        label=_("Comments"),
        choices=ThreadPolicy.Mode.choices,
        help_text=_(
            "The stricter of this and of the edition counts. “Open” keeps a thread open that would close"
            " after days; what the edition holds or closes stays so."
        ),
    )
    slow_mode_seconds = forms.IntegerField(
        label=_("Slow mode in seconds"),
        min_value=0,
        max_value=MAX_SLOW_MODE_SECONDS,
        help_text=_("Seconds between two comments of one reader under this article; 0: none."),
    )
    closes_after_days = forms.IntegerField(
        label=_("Closes after days"),
        min_value=0,
        max_value=MAX_CLOSES_AFTER_DAYS,
        help_text=_("Counted from the first publication; 0: never."),
    )
    newest_first = forms.BooleanField(
        label=_("Newest first alone"),
        required=False,
        help_text=_("Readers cannot put the best or the oldest comments first; pinned ones stay."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("For moderators; readers do not see it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of_article(cls, article: Article, data: Any) -> "ThreadPolicyForm":
        """The form with the policy of an article, or with what was sent."""
        policy = ThreadPolicy.objects.filter(pk=article.pk).first() or ThreadPolicy()
        names = ("mode", "slow_mode_seconds", "closes_after_days", "newest_first", "version")
        return cls(data, initial={name: getattr(policy, name) for name in names})


THREAD_POLICY_BUTTON = Button(
    "comments",
    _("Change the rules of the comments"),
    action=set_thread_policy,
    success_message=_("The rules of the comments are changed, from now on."),
    is_allowed=may_moderate_comments,
    is_available=lambda article: article.first_published_at is not None,
    form=ThreadPolicyForm,
    help_text=_("They count at once, without a new edition, and are in the audit log."),
)
