"""Sample views of search, profile, administration and support."""

from datetime import timedelta

from markupsafe import Markup

from statusportal.http.views import asking, audit, connections, devices, models, people, search, shell, support
from tests.factories import rule_views
from tests.factories.entry_views import composer
from tests.factories.person_views import sessions
from tests.factories.views import NOW, ago, cards, signals, similar

ORGANISATIONS = (shell.Option("o1", "Engdal Mejeri"), shell.Option("o2", "Thybo Metal"))
ROLES = (shell.Option("customer", "Customer"), shell.Option("customer_admin", "Customer administrator"))


def ask_which() -> asking.AskPage:
    online = devices.Connectivity("online", ago(seconds=5))
    return asking.AskPage((asking.AskDevice("d1", "Milk analyser 1", "normal", online, "/x", "Aurora M3 · AM3-20391"),))


def ask() -> asking.AskPage:
    which = ask_which()
    return asking.AskPage(
        devices=which.devices,
        device=which.devices[0],
        form=shell.Form({"kind": "question", "body": "Two samples."}, {"title": "One sentence is needed."}),
        kinds=(shell.Option("question", "A question"), shell.Option("field_update", "News from the machine")),
        healths=("off_spec", "failure"),
        audiences=composer().audiences,
        adds=signals()[:3],
        similar=similar(),
        draft_key="p1:ask:d1",
        then=("Support sees it at once, with the numbers.", "You decide when it is solved."),
    )


def results() -> tuple[search.SearchResult, ...]:
    result = search.SearchResult
    return (
        result(
            "entry",
            Markup("<mark>Fat</mark> results read too high"),
            "/x",
            Markup("“A half blocked inlet filter.”"),
            "off_spec",
            device="Milk analyser 2",
            code="A-214",
            at=ago(days=2),
            outcome="Confirmed by the machine",
            is_confirmed=True,
        ),
        result(
            "comment",
            Markup("How soon after cleaning?"),
            "/x",
            Markup("“Two minutes.”"),
            author="Birgit Vestergaard",
            role="expert",
            at=ago(days=100),
            outcome="Helpful 11",
        ),
    )


def found() -> search.SearchPage:
    best = search.SearchResult(
        "article",
        Markup("Cuvette temperature too high"),
        "/x",
        Markup("Change the inlet <mark>filter</mark>."),
        code="A-214",
        outcome="Confirmed by the machine",
        is_confirmed=True,
        at=ago(days=30),
    )
    facet = search.Facet(
        "model",
        "Model",
        (search.FacetChoice("aurora", "Aurora M3", 19, is_on=True), search.FacetChoice("polar", "Polar 86", 1)),
    )
    kinds = (shell.FilterLink("All", "?", 23, is_current=True), shell.FilterLink("Answers", "?kind=answer", 6))
    return search.SearchPage(
        "fat", total=23, kinds=kinds, facets=(facet,), results=results(), best=best, pages=shell.Pages("?cursor=1")
    )


def not_found() -> search.SearchPage:
    return search.SearchPage("xyz", total=0, suggestion=shell.FilterLink("gasket", "?q=gasket"), problem="No date.")


def before_search() -> search.SearchPage:
    return search.SearchPage(examples=(shell.FilterLink("A-214", "?q=A-214"),))


def persons() -> tuple[people.PersonRow, ...]:
    row = people.PersonRow
    return (
        row("p1", "Mette Kragh", "mette.kragh@engdal.example", "MK", "Engdal Mejeri", "customer_admin", NOW, href="/x"),
        row("p2", "Kim Dahl", "kim.dahl@engdal.example", "KD", "Engdal Mejeri", "customer", is_active=False),
        row("p3", "Birgit Vestergaard", "birgit@nordvaerk.example", "BV", "Nordværk", "expert", ago(hours=2)),
    )


def people_page() -> people.PeoplePage:
    invited = people.InvitationRow(
        "i1",
        "jens.bach@engdal.example",
        "customer",
        "Engdal Mejeri",
        "Mette Kragh",
        ago(days=2),
        NOW + timedelta(days=5),
    )
    return people.PeoplePage(
        headline="412 people in 38 organisations.",
        people=persons(),
        invitations=(invited,),
        organisations=ORGANISATIONS,
        roles=ROLES,
        filters=(shell.FilterLink("All", "?", 412, is_current=True), shell.FilterLink("Nordværk", "?o=n", 24)),
        form=shell.Form({}, {"email": "This person is already here."}),
        link="https://portal.example/invitations/3fGx9",
        pages=shell.Pages("?cursor=2"),
    )


def person() -> people.PersonPage:
    return people.PersonPage(
        "p1",
        "Mette Kragh",
        "mette.kragh@engdal.example",
        "MK",
        "Engdal Mejeri",
        shell.Form({"role": "", "is_active": "1"}),
        (shell.Option("", "None, a customer"), shell.Option("support", "Support")),
        sessions(),
        (people.StandingRow("o1", "Engdal Mejeri", shell.Form({"role": "customer_admin"})),),
        ROLES,
        ORGANISATIONS[1:],
    )


def organisations() -> people.OrganisationsPage:
    row = people.OrganisationRow
    return people.OrganisationsPage(
        (row("o1", "Engdal Mejeri", "engdal", 6, 9), row("o0", "Nordværk", "nordvaerk", 24, 0, is_operator=True))
    )


def organisation() -> people.OrganisationPage:
    owned = people.OrganisationDevice("d1", "Culture bank freezer", "Polar 86", "PL86-0931", ago(days=900))
    return people.OrganisationPage(
        "o1",
        "Engdal Mejeri",
        "engdal",
        persons()[:2],
        (owned,),
        shell.Form({"name": "Engdal Mejeri"}),
        ("UTC",),
        inside=people.InsidePart(
            shell.Form({"mode": "by_role"}, {"": "Must name a role."}),
            (
                shell.Option("by_role", "By role", "Administrators see every machine, and so do the roles ticked."),
                shell.Option("members", "Members", "Everybody here sees every machine that is not confidential."),
            ),
            (shell.Option("role_customer", "Customer"), shell.Option("role_customer_admin", "Customer administrator")),
        ),
        tree=people.TreePart(
            people.TreeShown(
                "o9", "Engdal Gruppen", 2, 0, (people.TreeShown("o1", "Engdal Mejeri", 6, 9, (), is_here=True),)
            ),
            (shell.Option("o9", "Engdal Gruppen"),),
            shell.Form({"parent": "o9"}, {"parent": "Choose one of these."}),
        ),
    )


def models_page() -> models.ModelsPage:
    return models.ModelsPage((models.ModelRow("m1", "Boreas 37", "boreas-37", 14, 189, is_strict=True),))


def model() -> models.ModelPage:
    oil = shell.Form({"name": "oil_temp", "label_en": "Oil temperature", "kind": "number", "unit": "°C"})
    high = shell.Form(
        {"code": "oil_hot", "side": "high", "threshold": "105", "health": "off_spec", "sentence_en": "The oil is hot."},
        {"hysteresis": "must be zero or more"},
    )
    limits = (models.LimitRow("oil_hot", "high", 105.0, "off_spec", high),)
    row = models.SignalRow
    return models.ModelPage(
        "m1",
        "Boreas 37",
        "boreas-37",
        189,
        shell.Form({"name": "Boreas 37", "expected_interval_s": "10"}),
        (
            row("oil_temp", "Oil temperature", "°C", "number", 1, high=105.0, form=oil, limits=limits, is_open=True),
            row("discharge_pressure", "Discharge pressure", "bar", "number", 1, 6.8, 7.6),
            row("motor", "Motor", "", "boolean"),
        ),
        kinds=(shell.Option("number", "Number"), shell.Option("boolean", "On or off")),
        sides=(shell.Option("high", "above"), shell.Option("low", "below")),
        machines=(models.ModelDevice("d1", "Compressor, filling hall", "BR37-2210", "Engdal Mejeri"),),
        rules=rule_views.rule_rows(),
        codes=rule_views.code_rows(),
        versions=rule_views.version_rows(),
    )


def admin_devices() -> models.AdminDevicesPage:
    online = devices.Connectivity("online", ago(seconds=5))
    return models.AdminDevicesPage(
        (
            models.AdminDeviceRow(
                "d1", "Culture bank freezer", "PL86-0931", "Polar 86", "Engdal Mejeri", "failure", online
            ),
        )
    )


def credentials() -> tuple[models.CredentialRow, ...]:
    row = models.CredentialRow
    return (
        row("c1", "Machine", ago(days=90), ago(seconds=4), "Engdal Mejeri", is_replaced=True),
        row("c3", "Machine", ago(hours=1), is_waiting=True),
        row("c4", "press-1", ago(days=2), fingerprint="5f" * 32, starts_at=ago(days=3), expires_at=ago(days=-360)),
        row("c2", "Old", ago(days=400), is_revoked=True),
    )


def admin_device() -> models.AdminDevicePage:
    return models.AdminDevicePage(
        "d1",
        "Culture bank freezer",
        shell.Form({"name": "Culture bank freezer", "serial": "PL86-0931", "model": "m1"}),
        (shell.Option("m1", "Polar 86"),),
        ORGANISATIONS,
        serial="PL86-0931",
        model="Polar 86",
        ownerships=(
            models.OwnershipRow("Engdal Mejeri", ago(days=900), is_now=True),
            models.OwnershipRow("Thybo Metal", ago(days=2000), ago(days=900)),
        ),
        credentials=credentials(),
        grants=(models.GrantRow("g1", "Thybo Metal", ago(days=3), NOW + timedelta(days=4), may_comment=True),),
        receivers=ORGANISATIONS[1:],
        rights=(shell.Option("view", "read"), shell.Option("comment", "read and comment")),
        token="spd_8fK2mmQ7LrT4x9VwZyB3nHc6",
        example="curl -H 'Authorization: Bearer spd_8fK2…' /api/v1/telemetry -d '{\"temperature\": 21.5}'",
        mqtt_example=MQTT_EXAMPLE,
    )


MQTT_EXAMPLE = (
    "mosquitto_pub -h status.example.com -p 8883 --tls-use-os-certs -u spd_8fK2… -q 1 -t v1/devices/me/telemetry"
    " -m '{\"temperature\": 21.5}'"
)


def new_device() -> models.AdminDevicePage:
    return models.AdminDevicePage("", "", shell.Form(), (shell.Option("m1", "Polar 86"),), ORGANISATIONS)


def credentials_page() -> models.CredentialsPage:
    return models.CredentialsPage(credentials(), ORGANISATIONS, token="spd_gateway", mqtt_example=MQTT_EXAMPLE)


def audit_page() -> audit.AuditPage:
    row = audit.AuditRow
    return audit.AuditPage(
        (
            row(NOW, "Mette Kragh", "signed in", "Mette Kragh", "person", codes=(("session", "0199a0"),)),
            row(
                ago(hours=1),
                "Aisha Rahman",
                "opened the customer page",
                "Engdal Mejeri",
                "organisation",
                "Engdal Mejeri",
                role="support",
            ),
        ),
        (shell.FilterLink("All", "?", is_current=True), shell.FilterLink("Refused", "?act=denied")),
        shell.Pages("?cursor=2"),
        organisations=(shell.Option("o1", "Engdal Mejeri"),),
        chain=audit.ChainState(ago(hours=6), 1204, 0, 1231, 1),
        csv_href="?format=csv",
        lines_href="?format=jsonl",
    )


def connections_page() -> connections.ConnectionsPage:
    row = connections.ConnectionRow
    return connections.ConnectionsPage(
        (
            row("k1", "Engdal filling hall", "mqtt", "Engdal Mejeri", "running", 48200, ago(seconds=2)),
            row(
                "k2",
                "Chiller",
                "modbus",
                "Engdal Mejeri",
                "failing",
                problem="The port does not answer: 10.20.4.11:502.",
            ),
        )
    )


def new_connection() -> connections.NewConnectionPage:
    return connections.NewConnectionPage(
        (connections.AdapterChoice("mqtt", "MQTT", "Listens to topics of a broker.", "/x"),)
    )


def options() -> tuple[connections.OptionField, ...]:
    option = connections.OptionField
    return (
        option("host", "Broker", is_required=True),
        option("port", "Port", "number"),
        option("password", "Password", "secret", is_kept=True),
        option("topics", "Topics", "list", "+ stands for the machine.", is_required=True),
        option("tls", "Check the certificate", "boolean"),
        option("format", "Format", "choice", choices=(shell.Option("native", "native JSON"),)),
    )


def connection() -> connections.ConnectionPage:
    step = connections.TestStep
    return connections.ConnectionPage(
        id="k1",
        name="Engdal filling hall",
        adapter="mqtt",
        adapter_label="MQTT 3.1.1 and 5",
        form=shell.Form(
            {"name": "Engdal filling hall", "options.host": "broker.engdal.example", "options.port": "88830"},
            {"options.port": "A port is a number from 1 to 65535. Did you mean 8883?"},
        ),
        options=options(),
        organisations=ORGANISATIONS,
        state="failing",
        problem="The broker refused the password.",
        problem_at=ago(minutes=2),
        test=connections.TestResult(
            ago(minutes=2),
            1.9,
            (step("Port open", "8883", is_ok=True, took_ms=31), step("Signed in", "refused", is_ok=False)),
            (("BR37-2210", "oil_temp", "84.2 °C"),),
        ),
        counts=(
            connections.Count("Accepted", 48200, "today"),
            connections.Count("Duplicates", 12),
            connections.Count("Conflicts", 1),
            connections.Count("Rejected", 0),
        ),
        gaps=(
            connections.GapRow(ago(hours=3), ago(hours=2), "The broker was restarted"),
            connections.GapRow(ago(minutes=9), None, "The broker refused the password"),
        ),
        refused=(
            connections.RefusedRow(ago(hours=4), "The body is not JSON.", "plant/BR37-2210/telemetry", '{"ts": 1'),
        ),
        conflicts=(connections.ConflictRow("BR37-2210", "oil_temp", ago(hours=5), "84.2 °C", "84.9 °C"),),
        unknown=(connections.UnknownSerial("BR37-9999", ago(hours=1), 61, "/x"),),
    )


def customers() -> support.CustomersPage:
    row = support.CustomerRow
    return support.CustomersPage(
        (row("o1", "Engdal Mejeri", 6, 9, 3, "failure", ago(minutes=22)), row("o2", "Thybo Metal", 3, 2, 0, "normal"))
    )


def customer() -> support.CustomerPage:
    waiting = support.OpenEntry(
        "Second cooling stage stopped",
        "/x",
        "failure",
        "Culture bank freezer",
        ago(minutes=4),
        "Mette: “When exactly?”",
        "P-302",
        "answer in 26 min",
        is_unread=True,
    )
    return support.CustomerPage(
        "o1",
        "Engdal Mejeri",
        "Nine machines in Videbæk and Herning. One has failed, three need attention.",
        "https://portal.example/customers/o1",
        NOW,
        (waiting,),
        cards()["attention"] + cards()["silent"],
        persons()[:2],
    )
