"""The first reasons of decisions, with their messages to the writer; editable in the admin."""

from typing import Any

from django.db import migrations

# (code, name in Korean and English, message to the writer in Korean and English)
REASONS = (
    (
        "abuse",
        "욕설·비방",
        "Abuse",
        "다른 사람을 욕하거나 헐뜯는 표현이 있어 댓글을 가렸습니다. 의견은 표현을 바꿔 다시 쓰실 수 있습니다.",
        "We have hidden your comment because it insults somebody. You are welcome to say what you think in other words.",
    ),
    (
        "hate",
        "혐오·차별",
        "Hate",
        "출신, 성별, 장애, 종교 등을 이유로 사람을 깎아내리는 표현이 있어 댓글을 가렸습니다.",
        "We have hidden your comment because it degrades people for who they are.",
    ),
    (
        "obscene",
        "음란·선정",
        "Obscene",
        "음란하거나 선정적인 표현이 있어 댓글을 가렸습니다.",
        "We have hidden your comment because it is obscene.",
    ),
    (
        "personal_data",
        "개인정보 노출",
        "Personal data",
        "연락처나 주소 같은 개인정보가 들어 있어 댓글을 가렸습니다. 그 부분을 빼고 다시 쓰실 수 있습니다.",
        "We have hidden your comment because it has somebody's personal data. You may post it again without them.",
    ),
    (
        "falsehood",
        "허위 사실",
        "Falsehood",
        "사실과 다른 내용으로 다른 사람에게 피해를 줄 수 있어 댓글을 가렸습니다.",
        "We have hidden your comment because it says something false that may harm somebody.",
    ),
    (
        "spam",
        "광고·도배",
        "Spam",
        "광고이거나 같은 내용을 되풀이한 글이어서 댓글을 가렸습니다.",
        "We have hidden your comment because it is advertising, or repeats what was posted before.",
    ),
    (
        "off_topic",
        "기사와 무관",
        "Off topic",
        "기사와 관계없는 내용이어서 댓글을 가렸습니다.",
        "We have hidden your comment because it has nothing to do with the story.",
    ),
    (
        "other",
        "그 밖의 이용 규칙 위반",
        "Another breach of the rules",
        "이용 규칙에 맞지 않아 댓글을 가렸습니다.",
        "We have hidden your comment because it breaks the rules of this site.",
    ),
)


def add_reasons(apps: Any, schema_editor: Any) -> None:
    reasons = apps.get_model("comments", "DecisionReason")
    for position, (code, label_ko, label_en, message_ko, message_en) in enumerate(REASONS, start=1):
        reasons.objects.get_or_create(
            code=code,
            defaults={
                "label_ko": label_ko,
                "label_en": label_en,
                "message_ko": message_ko,
                "message_en": message_en,
                "position": position * 10,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("comments", "0012_moderation_queue")]

    operations = [migrations.RunPython(add_reasons, migrations.RunPython.noop)]
