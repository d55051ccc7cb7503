"""Thread policies: what moderators decided about the comments of one article."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Article

MAX_SLOW_MODE_SECONDS = 86_400
MAX_CLOSES_AFTER_DAYS = 3_650


class ThreadPolicy(models.Model):
    """The policy of an article's thread, which works at once and without a new edition.

    It is combined with the comments mode of the live edition: the stricter of both counts, of open, held
    and closed. `closes_after_days` closes the thread so many days after the first publication; the mode
    `open` overrides that, and nothing else. With `newest_first` the comments that answer the article are
    read in that order alone, whatever is asked for. What readers see of it is denormalised in the article
    (`comments_close_at`, `comments_slow_seconds`). Written by `comments.actions.policy`.
    """

    class Mode(models.TextChoices):
        EDITION = "edition", _("as the edition says")
        OPEN = "open", _("open, also after the time to close")
        HOLD = "hold", _("hold every comment")
        CLOSED = "closed", pgettext_lazy("comments", "closed at once")

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="thread_policy"
    )
    mode = models.CharField(_("comments"), max_length=7, choices=Mode, default=Mode.EDITION)
    # Seconds between two comments of one reader under the article; 0 for none.
    slow_mode_seconds = models.PositiveIntegerField(_("slow mode, seconds"), default=0)
    # Counted from the first publication; 0 for never.
    closes_after_days = models.PositiveIntegerField(_("closes after days"), default=0)
    newest_first = models.BooleanField(_("newest first alone"), default=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("rules of a thread")
        verbose_name_plural = _("rules of threads")

    def __str__(self) -> str:
        return str(self.article_id)
