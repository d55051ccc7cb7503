"""Allow-list of embeds: the addresses of five providers, and none that only looks like one."""

import pytest

from newsroom.text.embeds import EMBED_PROVIDERS, FRAME_SOURCES, find_embed

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
ADDRESSES = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s": YOUTUBE,
    "http://m.youtube.com/watch/?feature=share&v=dQw4w9WgXcQ": YOUTUBE,
    "https://youtu.be/dQw4w9WgXcQ?si=abc": YOUTUBE,
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": YOUTUBE,
    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0": YOUTUBE,
    "https://twitter.com/news/status/1700000000000000001?s=20": "https://x.com/news/status/1700000000000000001",
    "https://x.com/i/web/status/1700000000000000001": "https://x.com/i/status/1700000000000000001",
    "https://x.com/news/status/1700000000000000001/photo/1": "https://x.com/news/status/1700000000000000001",
    "https://www.instagram.com/reel/Cabc-_12345/?igsh=x": "https://www.instagram.com/reel/Cabc-_12345/",
    "https://instagram.com/some.one/p/Cabc12345": "https://www.instagram.com/p/Cabc12345/",
    "https://tv.naver.com/v/12345678": "https://tv.naver.com/v/12345678",
    "https://m.tv.naver.com/v/12345678": "https://tv.naver.com/v/12345678",
    "https://tv.kakao.com/channel/2671005/cliplink/412345678": "https://tv.kakao.com/v/412345678",
    "https://play-tv.kakao.com/embed/player/cliplink/412345678": "https://tv.kakao.com/v/412345678",
}
REFUSED = (
    "", "https://", "youtube.com/watch?v=dQw4w9WgXcQ", "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "https://evil.example/youtu.be/dQw4w9WgXcQ",
    "https://youtu.be@evil.example/dQw4w9WgXcQ", "https://evil.example#youtu.be/dQw4w9WgXcQ",
    "https://youtu.be:8443/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXc", 'https://youtu.be/"><script>1',
    "https://www.youtube.com/channel/UCabc", "https://x.com/news", "https://vimeo.com/12345678",
    "https://tv.naver.com/v/１２３", "https://[::1", "https://youtu.be/" + "a" * 600,
    "data:text/html,https://youtu.be/dQw4w9WgXcQ", "https://www.instagram.com/p/../../evil/",
)  # fmt: skip


@pytest.mark.parametrize(("given", "canonical"), ADDRESSES.items())
def test_each_spelling_of_a_provider_has_one_canonical_address(given: str, canonical: str) -> None:
    embed = find_embed(given)
    assert embed is not None
    assert embed.url == canonical
    assert find_embed(canonical) == embed
    assert any(embed.frame.startswith(f"{source}/") for source in FRAME_SOURCES)


@pytest.mark.parametrize("given", REFUSED)
def test_any_other_address_is_refused(given: str) -> None:
    assert find_embed(given) is None


def test_there_are_five_providers_and_each_has_its_own_frame_source() -> None:
    assert {provider.key for provider in EMBED_PROVIDERS} == {
        "youtube", "x", "instagram", "navertv", "kakaotv",
    }  # fmt: skip
    assert len(set(FRAME_SOURCES)) == len(EMBED_PROVIDERS)
