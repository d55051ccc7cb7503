"""Masthead (site settings and legal notice), sections, authors and tags."""

from functools import cache

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.identifiers import section_path
from newsroom.db.compiled_queries import CompiledQuery


class Masthead(models.Model):
    """Name, description and legal notice of the site; a single row (id 1).

    The fields from `publisher` on are what an internet newspaper must show its readers (신문법 §21)
    and, for the youth protection officer, on its first screen (신문법 시행령 §7의2).
    """

    name = models.CharField(_("site name"), max_length=60, default="AI PICK")
    greeting = models.CharField(_("greeting"), max_length=60, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    tip_address = models.EmailField(_("tip address"), blank=True)
    publisher = models.CharField(_("publisher"), max_length=60, blank=True)
    editor = models.CharField(_("editor"), max_length=60, blank=True)
    company = models.CharField(_("company"), max_length=80, blank=True)
    address = models.CharField(_("place of publication"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    founded_on = models.DateField(_("first published on"), null=True, blank=True)
    youth_officer = models.CharField(_("youth protection officer"), max_length=60, blank=True)
    copyright = models.CharField(_("copyright line"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("masthead")
        verbose_name_plural = _("masthead")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_masthead")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def current() -> "Masthead":
        """The masthead, or an unsaved one with the default name if there is none."""
        return next(iter(masthead_query().fetch()), None) or Masthead(pk=1)


@cache
def masthead_query() -> CompiledQuery[Masthead]:
    return CompiledQuery(Masthead.objects.filter(pk=1))


class Section(models.Model):
    """A section of the site, in the order of the menu."""

    name = models.CharField(_("name"), max_length=40)
    slug = models.SlugField(_("address"), unique=True, max_length=60, allow_unicode=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # A rule of the desk, which readers never see (desk/approval.py).
    needs_approval = models.BooleanField(
        _("four-eyes rule"),
        default=False,
        help_text=_(
            "Stories of this section are published only when somebody other than their last editor has"
            " approved them as they stand."
        ),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return section_path(self.slug)


class Author(models.Model):
    """An author in bylines. `role` is the kind of work (기자, 편집), `title` the job title (기자)."""

    name = models.CharField(_("name"), max_length=40)
    slug = models.SlugField(_("address"), unique=True, max_length=60, allow_unicode=True)
    role = models.CharField(_("role"), max_length=20, default="기자")
    title = models.CharField(_("job title"), max_length=40, blank=True)
    bio = models.CharField(_("about"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.name, self.title]))

    def get_absolute_url(self) -> str:
        return f"/authors/{self.slug}/"


class Tag(models.Model):
    """A subject tag of articles."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    slug = models.SlugField(_("address"), unique=True, max_length=60, allow_unicode=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/tags/{self.slug}/"
