"""Sample views of what is about one person: profile, tokens, invitation."""

from datetime import timedelta

from statusportal.http.views import people, shell
from tests.factories.views import NOW, ago


def sessions() -> tuple[people.SessionView, ...]:
    return (
        people.SessionView("s1", "Firefox on Linux", ago(days=3), NOW, is_current=True),
        people.SessionView(
            "s2",
            "Safari on a phone",
            ago(days=40),
            ago(minutes=4),
            "mobile",
            "live connection open",
            way="by single sign-on",
        ),
    )


def profile() -> people.ProfilePage:
    return people.ProfilePage(
        name="Mette Kragh",
        email="mette.kragh@engdal.example",
        initials="MK",
        role="customer_admin",
        organisation="Engdal Mejeri",
        form=shell.Form({"name": "Mette Kragh", "locale": "da", "theme": "dark", "timezone": "Europe/Copenhagen"}),
        time_zones=("Europe/Copenhagen", "UTC"),
        locales=(shell.Option("da", "Dansk"), shell.Option("en", "English")),
        sessions=sessions(),
        password_form=shell.Form({}, {"new": "It is on the list of known passwords."}),
    )


def tokens() -> people.TokensPage:
    scopes = (
        shell.Option("device:view", "See machines, how they are and how they were", "device:view"),
        shell.Option("entry:view", "Read entries, comments and the archive", "entry:view"),
    )
    row = people.TokenRow
    return people.TokensPage(
        (
            row(
                "t1",
                "Nightly report",
                ("See machines, how they are and how they were",),
                ago(days=3),
                NOW,
                ago(hours=2),
            ),
            row("t2", "Old script", (), ago(days=900)),
        ),
        scopes,
        (shell.Option("90", "90 days"), shell.Option("never", "never")),
        frozenset({"entry:view"}),
        shell.Form({"name": ""}, {"name": "Must not be empty."}),
        "spp_8fK2mmQ7LrT4x9VwZyB3nHc6",
        "https://portal.example/calendar/spp_8fK2mmQ7LrT4x9VwZyB3nHc6.ics",
    )


def invitation() -> shell.InvitationPage:
    return shell.InvitationPage(
        "jens@engdal.example",
        "Engdal Mejeri",
        "customer",
        "Mette Kragh",
        NOW + timedelta(days=5),
        provider=shell.Option("/sign-in/at/engdal-mejeri", "Engdal work account"),
    )


def used_invitation() -> shell.InvitationPage:
    return shell.InvitationPage("", "Engdal Mejeri", "customer", "Mette Kragh", NOW, is_open=False)
