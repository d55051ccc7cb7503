"""Models of sources: the agencies that deliver copy."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wire.errors import UnknownSource


class SourceQuerySet(models.QuerySet["Source"]):
    def by_slug(self, slug: str) -> "Source":
        """The source of this slug. Raises UnknownSource, which lists the slugs there are."""
        source = self.filter(slug=slug).first()
        if not source:
            raise UnknownSource.named(slug, list(self.values_list("slug", flat=True)))
        return source


class Source(models.Model):
    """An agency that delivers copy, and defaults for its texts."""

    class Format(models.TextChoices):
        AUTO = "auto", _("recognised from the delivery")
        YONHAP = "yonhap", _("Yonhap plain text")
        KOREAN = "korean", _("plain text of another Korean agency")
        ENGLISH = "english", _("English plain text of Yonhap")
        NEWSML_G2 = "newsml_g2", _("NewsML-G2")
        NITF = "nitf", _("NITF")
        NINJS = "ninjs", _("ninjs")
        IPTC7901 = "iptc7901", _("IPTC 7901 or ANPA 1312")
        FEED = "feed", _("RSS or Atom feed")
        EMAIL = "email", pgettext_lazy("wire", "e-mail")

    class CancellationPolicy(models.TextChoices):
        ALERT = "alert", _("tell the editors")
        WITHDRAW = "withdraw", _("withdraw the article with a notice")
        HOLD = "hold", _("hide the article until a person decides")

    slug = models.SlugField(
        _("short name"), unique=True, help_text=_("Part of the delivery address: /api/v1/wire/…/")
    )
    name = models.CharField(_("name"), max_length=80)
    agency = models.CharField(
        _("agency"), max_length=80, help_text=_("Stands on a story whose text names no agency.")
    )
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.AUTO)
    cancellation_policy = models.CharField(
        _("when a story is cancelled"),
        max_length=10,
        choices=CancellationPolicy,
        default=CancellationPolicy.ALERT,
        help_text=_("What happens to a live article that was written from the story."),
    )
    active = models.BooleanField(
        _("takes deliveries"), default=True, help_text=_("Switched off, deliveries are refused.")
    )
    charset = models.CharField(
        _("encoding"),
        max_length=20,
        blank=True,
        help_text=_("Used where a delivery declares none; empty tries UTF-8, then CP949."),
    )
    rights = models.TextField(
        _("rights line"), blank=True, help_text=_("Used where a story carries none.")
    )
    ai_use_prohibited = models.BooleanField(
        _("AI use prohibited"),
        default=False,
        help_text=_("Holds for every story of this source, also where the text does not say so."),
    )
    idle_after = models.PositiveIntegerField(
        _("idle alarm after (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Nothing for longer than this, and we say so. Empty: no alarm."),
    )
    quiet_from = models.TimeField(
        _("quiet from"), null=True, blank=True, help_text=_("No alarm between these hours.")
    )
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire source")
        verbose_name_plural = _("wire sources")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_until")),
                name="quiet_hours_begin_and_end",
                violation_error_message=_("Quiet hours need a beginning and another end."),
            )
        ]

    def __str__(self) -> str:
        return self.name
