"""Sample pages of share links."""

from dataclasses import replace
from datetime import timedelta

from statusportal.http.views import sharing, shell
from tests.factories import entry_views, views
from tests.factories.views import NOW, ago


def linked(*, is_device: bool = False, may_comment: bool = True) -> sharing.Linked:
    return sharing.Linked(
        maker="Aisha Rahman",
        maker_place="Nordværk",
        to_name="Mette",
        is_device=is_device,
        may_comment=may_comment,
        expires_at=NOW + timedelta(days=7),
        sign_in_href="/sign-in",
    )


def shared_entry() -> sharing.SharedEntryPage:
    page = entry_views.entry()
    thread = replace(page.thread, composer=None, orders=())
    entry = replace(page, thread=thread, next_lifecycles=(), can_dispute=False, edit_href="", readers=())
    form = shell.Form({"name": "Søren"}, {"body": "Must not be empty."})
    composer = sharing.GuestComposer("/shared/1/comments", "Engdal Mejeri and Nordværk", form, "key")
    return sharing.SharedEntryPage(linked(), entry, composer, back_href="/shared/1")


def shared_device() -> sharing.SharedDevicePage:
    device = replace(views.device(), can_ask=False, export_formats=())
    return sharing.SharedDevicePage(linked(is_device=True, may_comment=False), device)


def rows() -> tuple[sharing.LinkRow, ...]:
    row = sharing.LinkRow(
        title="Second cooling stage stopped",
        is_device=False,
        device="Culture bank freezer",
        to_name="Søren Holm",
        may_comment=True,
        maker="Aisha Rahman",
        made_at=ago(hours=4),
        state="open",
        ends_at=NOW + timedelta(days=7),
        opened_count=1,
        first_opened_at=ago(hours=3),
        was_on_phone=True,
        comment_count=1,
        end_action="/share-links/1/end",
    )
    often = replace(
        row, title="Compressor, filling hall", is_device=True, to_name="", opened_count=3, last_opened_at=ago(hours=1)
    )
    return (
        row,
        replace(often, is_by_letter=True, mailed_at=ago(hours=2)),
        replace(row, title="Oil filter is due", state="paused", opened_count=0, may_comment=False, comment_count=0),
        replace(row, title="Flow too low", state="revoked", opened_count=0, ends_at=ago(days=9), end_action=""),
    )


def links_of_device() -> sharing.LinksPage:
    return sharing.LinksPage(
        title="Links to Culture bank freezer",
        place="Culture bank freezer",
        back_href="/devices/1",
        things=(),
        receivers=(),
        lasts=tuple(shell.Option(str(days), f"{days} days") for days in (1, 7, 30, 90)),
        links=rows(),
        action="/devices/1/links",
        form=shell.Form({"lasts": "7"}, {"to_other": "must be one line without control characters"}),
    )


def send_a_link() -> sharing.LinksPage:
    things = (
        sharing.ThingChoice("entry:1", "Second cooling stage stopped", "entry · Culture bank freezer", "failure"),
        sharing.ThingChoice("entry:2", "Why does it beep?", "entry · Laboratory UPS"),
        sharing.ThingChoice("device:1", "Culture bank freezer", "machine · live values, all entries", "failure"),
    )
    receivers = (sharing.ReceiverChoice("1", "Mette Kragh", "Customer administrator"),)
    made = sharing.NewLink("https://portal.example/s/spk_x", "mailto:m@example.com", "Mette Kragh", NOW)
    page = replace(
        links_of_device(),
        title="Send a link",
        place="Engdal Mejeri",
        things=things,
        receivers=receivers,
        sends_mail=True,
    )
    return replace(page, made=made, form=shell.Form({"thing": "entry:1", "scope": "comment", "lasts": "7"}))
