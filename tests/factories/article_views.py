"""Sample pages of articles and of an alarm code."""

from markupsafe import Markup

from statusportal.http.views import articles, shell
from statusportal.http.views.answers import MeTooView
from tests.factories.views import ago

FIXED = articles.Fixed(4, 6, 4, 1)
FIX = Markup("<ol><li>Change the inlet filter, <code>M3-114</code>.</li><li>Prime, run two cleanings.</li></ol>")


def around() -> articles.Around:
    """Return what an entry knows of others."""
    known = articles.KnownFix("a1", "Cuvette temperature too high", "/articles/a1", FIX, FIXED, "/entries/e1/fixes")
    return articles.Around(MeTooView(7, 1, ("6 on firmware 4.2",), "/me-too"), (known,), "aurora-m3")


def article() -> articles.ArticlePage:
    """Return a published article as an owner reads it."""
    return articles.ArticlePage(
        id="a1",
        title="Cuvette temperature too high",
        model_name="Aurora M3",
        model_slug="aurora-m3",
        code="A-214",
        number=3,
        state="published",
        symptom=Markup("<p>Fat reads 0.02 to 0.04 % too high, most often within an hour after a cleaning.</p>"),
        cause=Markup("<p>A half blocked inlet filter slows the milk.</p>"),
        fix=FIX,
        firmware="firmware 4.0 to 4.2",
        at=ago(days=30),
        fixed=FIXED,
        history=(
            articles.ArticleEdition(3, "Cuvette temperature too high", ago(days=30), "published"),
            articles.ArticleEdition(2, "Cuvette too warm", ago(days=60), "published"),
        ),
        machines=(
            articles.TriedMachine("d1", "Milk analyser 1, reception", "worked"),
            articles.TriedMachine("d2", "Milk analyser 2, line B"),
        ),
    )


def draft() -> articles.ArticlePage:
    """Return a draft as an expert reads it."""
    return articles.ArticlePage(
        id="a2",
        title="Flow too low after cleaning",
        model_name="Aurora M3",
        model_slug="aurora-m3",
        code="A-118",
        number=1,
        state="draft",
        symptom=Markup("<p>The flow is low.</p>"),
        cause=Markup(""),
        fix=FIX,
        firmware="every firmware",
        at=ago(days=1),
        fixed=articles.Fixed(0, 0),
        history=(articles.ArticleEdition(1, "Flow too low after cleaning", ago(days=1), "draft"),),
        acts=("edit", "review"),
    )


def edit() -> articles.ArticleForm:
    """Return the form of a draft with a fault in it."""
    form = shell.Form({"title": "Too hot", "fix": "", "symptom": "Fat reads high."}, {"fix": "must not be empty"})
    return articles.ArticleForm("/articles/a2/edit", "/articles/a2", "Write “Too hot”", form)


def code() -> articles.CodePage:
    """Return an alarm code with advice, fixes and what happened."""
    happened = articles.Occurrence(
        "Fat results read too high", "/entries/e1", "Milk analyser 2, line B", ago(days=2), "off_spec", "resolved"
    )
    return articles.CodePage(
        code="A-214",
        model_name="Aurora M3",
        model_slug="aurora-m3",
        meaning="Cuvette temperature outside its limits",
        advice="Stop releasing results. Look at the sample flow.",
        articles=(
            articles.ArticleRow("Inlet filter and tubing", "/articles/a1", "firmware 4.0 to 4.2", FIXED, "published"),
            articles.ArticleRow("Heater block", "/articles/a3", "every firmware", articles.Fixed(0, 0), "draft"),
        ),
        occurrences=(happened,),
        shared=(articles.SharedRow("Fat slowly climbs, no alarm yet", "/x", "Curlew", ago(days=5)),),
        search_href="/search?q=A-214",
    )
