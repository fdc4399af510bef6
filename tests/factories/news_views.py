"""Sample views of news and of the inbox."""

from datetime import UTC, datetime

from statusportal.http.views import inbox, news, shell

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def told() -> news.NewsPage:
    """Return news of each shape: a failure, an answer, and something read before; and what is followed."""
    failed = news.NewsRow(
        "Culture bank freezer has failed",
        "Second cooling stage stopped",
        "",
        "/entries/1",
        "your organisation has the machine",
        NOON,
        health="failure",
        code="P-302",
    )
    answered = news.NewsRow(
        "Birgit answered you about Milk analyser 2",
        "Fat results read too high after the midday cleaning",
        "Yes to both. The manual is being changed.",
        "/entries/2",
        "you asked",
        NOON,
        icon="reply",
    )
    read = news.NewsRow(
        "New on Compressor 2", "Dew point alarm", "", "/entries/3", "you chose to follow it", NOON, is_read=True
    )
    rows = (
        news.FollowedRow("device", "1", "Culture bank freezer", "/devices/1", "you chose to follow it", "watching"),
        news.FollowedRow("entry", "2", "Fat results read too high", "/entries/2", "you asked", "normal"),
    )
    return news.NewsPage(2, (failed, answered), (read,), rows, shell.Pages(next_href="?cursor=x"))


def nothing_told() -> news.NewsPage:
    """Return the page of somebody to whom nothing happened, on a portal without letters."""
    return news.NewsPage(0, sends_mail=False)


def stop() -> news.StopPage:
    """Return the question whether letters shall end."""
    return news.StopPage("stop_secret")


def stopped() -> news.StopPage:
    """Return the page once they have ended."""
    return news.StopPage("stop_secret", is_stopped=True)


def daily_stop() -> news.StopPage:
    """Return the question whether daily letters shall end."""
    return news.StopPage("stop_secret", is_daily=True)


def waiting() -> inbox.InboxPage:
    """Return a queue with something late, something in time, and something that is still broken."""
    late = inbox.InboxRow(
        "E-stop will not reset after the tool crash",
        "/entries/1",
        "Mads: “Third time this month. We are losing orders over this.”",
        "Thybo Metal",
        "Machining centre 4",
        NOON,
        health="failure",
        code="P-302",
        late_s=240,
    )
    in_time = inbox.InboxRow(
        "Battery runs warm", "/entries/2", "", "Engdal Mejeri", "Laboratory UPS", NOON, "off_spec", late_s=-480
    )
    broken = inbox.InboxRow("Dew point alarm", "/entries/3", "", "Vesthavn", "Compressor 2", NOON, is_disputed=True)
    queues = (
        shell.FilterLink("Waits for us", "?queue=waiting", 3, is_current=True),
        shell.FilterLink("No answer yet", "?queue=unanswered", 2),
    )
    scopes = (shell.FilterLink("All models", "?", is_current=True), shell.FilterLink("Models I follow", "?mine=1"))
    return inbox.InboxPage(3, 2, 1, 3600, 660, queues, scopes, (late, in_time, broken))


def nothing_waits() -> inbox.InboxPage:
    """Return the page of a quiet morning."""
    return inbox.InboxPage(0, 0, 0, 3600)
