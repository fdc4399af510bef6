"""Class 36: framing, sniffing, referrers, and what a page may load.

Seen at Home Assistant. Every operation's answer is looked at, whether it opens, refuses or knows of nothing.
"""

import msgspec

from statusportal.app import create_app
from tests.factories.browsing import parts
from tests.holes.street import operations, send
from tests.matrix.visitors import VISITORS

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# A badge is drawn on other sites, where its owner shows the machine's health to everybody.
ON_OTHER_SITES = {"Cross-Origin-Resource-Policy": "cross-origin"}


def directives(answer):
    parts = [one.split() for one in answer.headers.get("Content-Security-Policy", "").split(";")]
    return {one[0]: one[1:] for one in parts if one}


def scripts_of(answer):
    """Return what a policy must say: each script element of the answer by its one nonce, or that none may run."""
    is_page = answer.content_type.startswith("text/html")
    scripts = [one for tag, one in parts(answer.text) if tag == "script"] if is_page else []
    nonces = {one.get("nonce") for one in scripts}
    return [*(f"'nonce-{one}'" for one in nonces), "'strict-dynamic'"] if scripts else ["'none'"]


def test_every_answer_is_dressed(world, state):
    bare = []

    for operation in operations(world.app):
        for visitor in VISITORS[::9]:
            answer = send(world, operation, visitor, world.things)
            policy = directives(answer)
            always = ALWAYS if operation.endpoint != "labels.badge" else {**ALWAYS, **ON_OTHER_SITES}
            wrong = [name for name, value in always.items() if answer.headers.get(name) != value]
            wrong += [name for name in ("base-uri", "frame-ancestors") if policy.get(name) != ["'none'"]]
            wrong += [name for name in ("default-src", "object-src") if policy.get(name) != ["'none'"]]
            if policy.get("script-src") != scripts_of(answer):
                wrong.append("script-src")
            if answer.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
                wrong.append("Referrer-Policy")
            bare += [(operation.name, visitor.name, one) for one in wrong]
            state.go_on()

    assert bare == []


def test_no_page_holds_a_script_or_a_handler_of_its_own(world):
    admin = next(one for one in VISITORS if one.name == "admin")
    found = []

    for operation in operations(world.app):
        if not operation.is_page or not operation.is_reading or operation.endpoint == "static":
            continue
        text = send(world, operation, admin, world.things).data.decode(errors="replace")
        inline = [part.split(">", 1)[0] for part in text.split("<script")[1:] if "src=" not in part.split(">", 1)[0]]
        found += [
            (operation.name, one) for one in (*inline, *(one for one in (" onclick=", " onload=") if one in text))
        ]

    assert found == []


def test_no_two_answers_share_a_nonce_and_no_fragment_holds_one(world):
    client = world.app.test_client()
    token = {"Authorization": f"Bearer {world.tokens['customer/author']}"}
    device = f"/devices/{world.things['device_id']}"

    pages = [client.get(device, headers=token) for _ in range(5)]
    fragment = client.get(f"{device}/live", headers=token)

    nonces = {one["nonce"] for page in pages for tag, one in parts(page.text) if tag == "script"}
    assert (len(nonces), min(map(len, nonces))) == (5, 22)
    assert (fragment.status_code, " nonce=" in fragment.text, scripts_of(fragment)) == (200, False, ["'none'"])


def test_strict_transport_is_said_over_tls_alone_and_cookies_are_bound_to_the_host(world):
    settings = msgspec.structs.replace(world.works.settings, secure_cookies=True, trusted_proxies=1)
    client = create_app(settings, world.works).test_client()

    plain = client.get("/sign-in")
    over_tls = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})

    assert "Strict-Transport-Security" not in plain.headers
    assert over_tls.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = over_tls.headers.getlist("Set-Cookie")
    assert [one.split("=")[0] for one in cookies if not one.startswith("__Host-")] == []
    assert all("Secure" in one and "SameSite=Lax" in one and "HttpOnly" in one for one in cookies)


def test_forwarded_headers_count_only_from_trusted_proxies(world):
    client = world.app.test_client()
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}

    answer = client.get("/sign-in", headers=forged)

    assert "evil.example" not in answer.text + str(answer.headers)
    assert "Strict-Transport-Security" not in answer.headers


def test_method_is_what_was_sent(world, state):
    """A form cannot ask for another method, and HEAD says what GET says, without the body."""
    client = world.app.test_client()
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    token = {"Authorization": f"Bearer {world.tokens['customer/author']}"}
    address = f"/api/v1/comments/{world.things['comment_id']}"

    overridden = client.post(address, headers=override | token, data={"_method": "DELETE"})
    whole, head = client.get(address, headers=token), client.head(address, headers=token)

    assert (overridden.status_code, state.changed_tables()) == (405, [])
    assert sorted(overridden.headers["Allow"].split(", ")) == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH"]
    assert (head.status_code, head.data, head.headers["Content-Type"]) == (200, b"", whole.headers["Content-Type"])
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    assert [client.open("/sign-in", method=one).status_code for one in ("TRACE", "CONNECT", "FOO")] == [405] * 3


def test_no_other_origin_may_read(world):
    """No answer names another origin, whatever the origin of the request, preflight or not."""
    client = world.app.test_client()
    token = {"Authorization": f"Bearer {world.tokens['customer/author']}"}
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}

    answers = [
        client.open(address, method=method, headers=token | preflight)
        for address in ("/api/v1/devices", "/api/v1/session", "/", "/socket.io/?EIO=4&transport=polling")
        for method in ("GET", "OPTIONS")
    ]

    assert [one.headers.get("Access-Control-Allow-Origin") for one in answers] == [None] * 8


def test_every_page_of_somebody_offers_to_sign_out(world):
    reader = next(one for one in VISITORS if one.name == "customer_admin/owner")
    without = []

    for operation in operations(world.app):
        if operation.is_page and operation.is_reading:
            answer = send(world, operation, reader, world.things)
            is_page = answer.status_code == 200 and answer.content_type.startswith("text/html")
            if is_page and 'href="/profile"' in answer.text and "/sign-out" not in answer.text:
                without.append(operation.name)

    assert without == []
