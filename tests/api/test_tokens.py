"""Personal access tokens by API."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from registry.models import PersonalAccessToken


def new_token(browser, **fields):
    return browser.post(
        "/api/v1/tokens/", {"name": "script", **fields}, content_type="application/json"
    )


def test_a_token_shows_its_key_once(signed_in, drafter, client):
    browser = signed_in(drafter)
    made = new_token(browser)
    assert made.status_code == 201
    key = made.json()["key"]
    assert key not in str(browser.get("/api/v1/tokens/").json())
    me = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"})
    assert me.json()["email"] == drafter.email


def test_only_a_digest_of_the_key_is_kept(signed_in, drafter):
    key = new_token(signed_in(drafter)).json()["key"]
    row = PersonalAccessToken.objects.values().get()
    assert all(key not in str(value) for value in row.values())


def test_a_revoked_token_opens_nothing(signed_in, drafter, client):
    browser = signed_in(drafter)
    made = new_token(browser).json()
    assert browser.delete(f"/api/v1/tokens/{made['id']}/").status_code == 204
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.status_code == 401


def test_an_expired_token_opens_nothing(signed_in, drafter, client):
    made = new_token(signed_in(drafter), days=1).json()
    PersonalAccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.status_code == 401


def test_the_token_of_a_person_who_left_opens_nothing(signed_in, drafter, client):
    made = new_token(signed_in(drafter)).json()
    drafter.is_active = False
    drafter.save()
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.status_code == 401


def test_another_persons_token_cannot_be_revoked(signed_in, drafter, colleague):
    made = new_token(signed_in(drafter)).json()
    assert signed_in(colleague).delete(f"/api/v1/tokens/{made['id']}/").status_code == 404
    assert PersonalAccessToken.objects.filter(revoked_at__isnull=True).count() == 1


def test_a_token_cannot_make_another(calling, drafter):
    assert calling(drafter).call("POST", "/tokens/", {"name": "more"}).status_code == 403


def test_a_token_of_no_days_is_told(signed_in, drafter):
    refused = new_token(signed_in(drafter), days=0)
    assert refused.json()["errors"][0]["field"] == "days"


def test_the_use_of_a_token_is_noted(calling, drafter):
    calling(drafter).call("GET", "/me/")
    assert PersonalAccessToken.objects.get().last_used_at is not None
