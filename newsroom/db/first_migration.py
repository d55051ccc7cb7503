"""First migration of an empty database: `migrate`, with each new model rendered alone.

For every model that a migration creates, Django renders all models again that are related to it, through
any number of relations: 2,400 renderings for 70 models, half of the time that migrating takes.  A model
that is rendered alone finds the classes it refers to, and adds its reverse relations to them, as classes
of a `models.py` do.  Tables and rows are the same (tests/newsroom/db/test_first_migration.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState


def migrate_empty_database() -> None:
    """Run `migrate` on a database without any table."""
    with new_models_rendered_alone():
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


@contextmanager
def new_models_rendered_alone() -> Iterator[None]:
    """Context manager that replaces `ProjectState.add_model` of this process."""
    original = ProjectState.add_model
    ProjectState.add_model = add_model  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = original  # type: ignore[method-assign]


def add_model(self: ProjectState, model_state: ModelState) -> None:
    """As Django's, but for the models around the new one, which keep their classes."""
    key = (model_state.app_label, model_state.name_lower)
    self.models[key] = model_state
    if self._relations is not None:  # type: ignore[attr-defined]
        self.resolve_model_relations(key)
    if "apps" in vars(self):  # asking for the attribute would render all models
        self.apps.render_multiple([model_state])
