"""Staff sign-in with a second factor in a real browser, with a virtual authenticator for passkeys."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.support import make
from tests.support.browser import chromium, page, tick_statements

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("SIGN_IN_PICTURES", "")  # a folder to keep what was seen in


def assert_no_overflow(page: Page, name: str) -> None:
    """Assert that the page has no horizontal overflow on desktop and phone; optional screenshots."""
    for width, kind in ((1280, "desktop"), (390, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state()
        html = page.locator(
            "html"
        )  # a locator waits for the element of a page that is being opened
        assert html.evaluate("html => html.scrollWidth <= window.innerWidth + 1"), name
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{kind}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def give_password(page: Page, user: User) -> None:
    page.goto("/admin/")
    page.get_by_label("이메일").fill(user.email)
    page.get_by_label("비밀번호", exact=False).first.fill(f"{user.email.split('@')[0]}-password-1")
    page.get_by_role("button", name="로그인", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="로그아웃").click()


def reauthenticate(page: Page) -> None:
    """Enter the password again on the reauthentication page."""
    expect(page.get_by_role("heading", name="본인 확인")).to_be_visible()
    page.get_by_label("비밀번호").fill("ben-password-1")
    page.get_by_role("button", name="계속").click()


def with_virtual_authenticator(page: Page) -> Any:
    """Add a virtual authenticator with user verification (WebAuthn API of Chromium)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def code_now(secret: str, *, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def test_an_authenticator_app_is_set_up_and_asked_for(page: Page, ben: User) -> None:
    page.goto("/admin/")
    expect(page.get_by_text("패스키를 쓰지 못했습니다")).to_be_hidden()
    assert_no_overflow(page, "login")
    give_password(page, ben)
    page.get_by_role("link", name="2단계 인증").click()
    assert_no_overflow(page, "factors-none")
    page.get_by_role("link", name="인증 앱 등록").click()
    assert_no_overflow(page, "reauthenticate")
    reauthenticate(page)
    picture = page.get_by_role("img", name="인증 앱에 등록할 QR 코드")
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    assert_no_overflow(page, "totp")
    secret = page.get_by_label("또는 이 키를 앱에 직접 넣으세요").input_value()
    page.get_by_label("코드", exact=True).fill(code_now(secret))
    page.get_by_role("button", name="켜기").click()
    expect(page.locator(".codes code")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    assert_no_overflow(page, "recovery-codes")
    page.get_by_role("link", name="다 적었습니다").click()
    expect(page.locator(".chip.live", has_text="켜짐")).to_be_visible()
    assert_no_overflow(page, "factors-on")
    sign_out(page)
    give_password(page, ben)
    expect(page.get_by_text("인증 앱에 보이는 코드나 복구 코드")).to_be_visible()
    assert_no_overflow(page, "code")
    page.get_by_label("코드").fill("000000")
    page.get_by_role("button", name="로그인", exact=True).click()
    expect(page.locator(".errorlist, .errornote").filter(visible=True).first).to_be_visible()
    assert_no_overflow(page, "code-wrong")
    page.get_by_label("코드").fill(recovery)
    page.get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_role("heading", name="오늘", level=1)).to_be_visible()


def test_a_passkey_is_added_and_opens_the_admin_with_and_without_the_password(
    page: Page, ben: User
) -> None:
    with_virtual_authenticator(page)
    give_password(page, ben)
    page.goto("/admin/2fa/passkeys/add/")
    reauthenticate(page)
    page.get_by_label("이름").fill("책상 위 노트북")
    assert_no_overflow(page, "passkey-add")
    page.get_by_role("button", name="패스키 추가").click()
    expect(page.locator(".codes code")).to_have_count(10)
    page.get_by_role("link", name="다 적었습니다").click()
    expect(page.get_by_text("책상 위 노트북")).to_be_visible()
    assert_no_overflow(page, "passkeys")
    assert Authenticator.objects.filter(type="webauthn", user=ben).count() == 1
    sign_out(page)
    give_password(page, ben)
    page.get_by_role("button", name="패스키 쓰기").click()
    expect(page.get_by_role("heading", name="오늘", level=1)).to_be_visible()
    sign_out(page)
    page.goto("/admin/login/?next=/admin/desk/draft/")
    page.get_by_role("button", name="패스키 쓰기").click()
    page.wait_for_url("**/admin/desk/draft/")
    page.get_by_role("link", name="2단계 인증").click()
    page.get_by_role("link", name="삭제").click()
    reauthenticate(page)
    assert_no_overflow(page, "passkey-remove")
    page.get_by_role("button", name="패스키 삭제").click()
    expect(page.get_by_role("heading", name="2단계 인증")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_passkey_that_is_not_there_is_said_in_words(page: Page, ben: User) -> None:
    session = with_virtual_authenticator(page)
    page.goto("/admin/login/")
    session.send("WebAuthn.disable")
    page.evaluate(
        "() => { navigator.credentials.get ="
        " () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="패스키 쓰기").click()
    expect(page.get_by_text("패스키를 쓰지 못했습니다")).to_be_visible()


def test_a_colleague_with_a_second_factor_signs_in_at_the_reader_site(
    page: Page, ben: User
) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.create(user=ben, type="totp", data={"secret": secret})
    page.goto("/account/")
    form = page.locator("[data-sign-in]")
    form.get_by_label("이메일").fill(ben.email)
    form.get_by_label("비밀번호").fill("ben-password-1")
    form.get_by_role("button", name="로그인").click()
    code = page.locator("[data-second-step]")
    expect(code).to_be_visible()
    assert_no_overflow(page, "reader-code")
    code.get_by_label("코드").fill("000000")
    code.get_by_role("button", name="계속").click()
    expect(code.locator("[data-says]")).not_to_be_empty()
    code.get_by_label("코드").fill(code_now(secret))
    code.get_by_role("button", name="계속").click()
    page.wait_for_url("**/me/")


def test_sign_up_is_the_same_for_a_known_address(page: Page) -> None:
    make.reader("sol")
    for email in ("sol@example.com", "fresh@example.com"):
        page.goto("/account/")
        form = page.locator("[data-sign-up]")
        form.get_by_label("이메일").fill(email)
        form.get_by_label("비밀번호").fill("a-long-password-7")
        tick_statements(form)
        form.get_by_role("button", name="가입").click()
        page.wait_for_url("**/me/")
        expect(page.locator("[data-email]")).to_have_text(email)
        page.context.clear_cookies()
