"""Section roles: restrict a member of staff to sections, and lift the restriction."""

from django.db import transaction

from accounts.models import User
from articles.models import Section
from audit.actions import record_audit
from desk.models import SectionRole
from desk.section_rights import may_manage_section_roles
from newsroom.errors import require


@transaction.atomic
def set_section_role(person: User, *, section: Section, role: str, by: User) -> SectionRole:
    """Give the person this role in the section, in place of another; from their next request on."""
    require(may_manage_section_roles(by))
    row, _created = SectionRole.objects.update_or_create(
        person=person, section=section, defaults={"role": role}
    )
    record_audit(person, verb="section_role_set", by=by, section=section.name, role=role)
    return row


@transaction.atomic
def remove_section_role(section_role: SectionRole, *, by: User) -> None:
    """Take the role in the section away. Without any, the person has their role in all sections again."""
    require(may_manage_section_roles(by))
    section_role.delete()
    record_audit(
        section_role.person, verb="section_role_removed", by=by, section=section_role.section.name
    )
