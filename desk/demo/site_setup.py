"""Masthead, sections and authors of the demo. Existing ones are left as they are."""

from datetime import date
from typing import Any

from accounts.models import User
from articles.actions import save_site_object
from articles.models import Author, Masthead, Section

MASTHEAD = {
    "name": "AI PICK 데모",
    "greeting": "오늘도 어서 오세요",
    "description": "지어낸 도시 해솔시에서 전하는 AI 이야기. 모든 기사와 이름은 체험을 위해 지었습니다.",
    "tip_address": "tip@example.com",
    "publisher": "정누리",
    "editor": "문가온",
    "company": "주식회사 데모뉴스룸",
    "address": "해솔특별자치시 달빛로 12, 3층",
    "phone": "02-000-0000",
    "registration_number": "서울 아00000",
    "registered_on": date(2026, 3, 2),
    "founded_on": date(2026, 4, 1),
    "youth_officer": "한결",
    "copyright": "© 데모뉴스룸. 무단 전재와 재배포를 금합니다.",
}
SECTIONS = {
    "industry": "산업",
    "research": "연구",
    "policy": "정책",
    "education": "교육",
    "science": "과학·건강",
    "life": "일상",
}
# {slug: (name, role, title, biography)}
AUTHORS = {
    "haram": ("윤하람", "기자", "기자", "학교와 병원, 시청을 오가며 AI가 바꾸는 하루를 씁니다."),
    "ideun": ("서이든", "기자", "기자", "바다와 밭, 산에서 쓰이는 기술을 따라다닙니다."),
    "daon": ("노다온", "기자", "기자", "논문을 읽고 연구실 문을 두드립니다."),
    "roun": ("배로운", "기자", "기자", "공장과 창고, 전기와 돈의 흐름을 봅니다."),
    "gaon": ("문가온", "편집", "기자", "문장을 고치고 판을 짭니다."),
}


def get_or_create_taxonomy(by: User) -> tuple[dict[str, Section], dict[str, Author]]:
    """({slug: section}, {slug: author}) of the demo."""
    if not Masthead.objects.exists():
        save_site_object(Masthead(pk=1, **MASTHEAD), by=by)
    sections = {
        slug: get_or_create_taxonomy_item(Section, slug, by=by, name=name, position=place)
        for place, (slug, name) in enumerate(SECTIONS.items(), 1)
    }
    authors = {
        slug: get_or_create_taxonomy_item(
            Author, slug, by=by, name=name, role=role, title=title, bio=bio
        )
        for slug, (name, role, title, bio) in AUTHORS.items()
    }
    return sections, authors


def get_or_create_taxonomy_item(model: Any, slug: str, *, by: User, **fields: Any) -> Any:
    """The section or author of this slug, created where there is none."""
    return model.objects.filter(slug=slug).first() or save_site_object(
        model(slug=slug, **fields), by=by
    )
