"""The words of the product's own scales, once, in each language it speaks."""

from typing import Final

FALLBACK: Final = "en"

HEALTH: Final[dict[str, dict[str, str]]] = {
    "en": {
        "normal": "Normal",
        "maintenance_required": "Maintenance required",
        "off_spec": "Out of specification",
        "check_function": "Check function",
        "failure": "Failure",
        "unknown": "Unknown",
    },
    "da": {
        "normal": "Normal",
        "maintenance_required": "Vedligehold kræves",
        "off_spec": "Uden for specifikation",
        "check_function": "Funktionskontrol",
        "failure": "Fejl",
        "unknown": "Ukendt",
    },
}
CONNECTIVITY: Final[dict[str, dict[str, str]]] = {
    "en": {"online": "Online", "stale": "Stale", "offline": "Offline", "never_seen": "Never seen"},
    "da": {"online": "Online", "stale": "Forsinket", "offline": "Offline", "never_seen": "Aldrig set"},
}
LIFECYCLE: Final[dict[str, dict[str, str]]] = {
    "en": {
        "open": "Open",
        "acknowledged": "Acknowledged",
        "investigating": "Investigating",
        "identified": "Identified",
        "monitoring": "Monitoring",
        "resolved": "Resolved",
    },
    "da": {
        "open": "Åben",
        "acknowledged": "Set",
        "investigating": "Undersøges",
        "identified": "Årsag fundet",
        "monitoring": "Overvåges",
        "resolved": "Løst",
    },
}
ROLE: Final[dict[str, dict[str, str]]] = {
    "en": {
        "customer": "Customer",
        "customer_admin": "Customer administrator",
        "engineer": "Engineer",
        "support": "Support",
        "expert": "Expert",
        "product": "Product owner",
        "admin": "Administrator",
        "system": "System",
        "guest": "Guest",
    },
    "da": {
        "customer": "Kunde",
        "customer_admin": "Kundeadministrator",
        "engineer": "Tekniker",
        "support": "Support",
        "expert": "Ekspert",
        "product": "Produktejer",
        "admin": "Administrator",
        "system": "System",
        "guest": "Gæst",
    },
}
KIND: Final[dict[str, dict[str, str]]] = {
    "en": {
        "transition": "Status",
        "condition": "Condition",
        "field_update": "Field update",
        "maintenance": "Maintenance",
        "bulletin": "Bulletin",
        "question": "Question",
        "ownership": "Ownership",
        "comment": "Comment",
        "update": "Official update",
        "field_report": "Field report",
        "article": "Article",
        "answer": "Answer",
        "attachment": "File",
        "device": "Device",
        "entry": "Status entry",
    },
    "da": {
        "transition": "Status",
        "condition": "Tilstand",
        "field_update": "Nyt fra stedet",
        "maintenance": "Vedligehold",
        "bulletin": "Meddelelse",
        "question": "Spørgsmål",
        "ownership": "Ejerskab",
        "comment": "Kommentar",
        "update": "Officiel melding",
        "field_report": "Servicerapport",
        "article": "Artikel",
        "answer": "Svar",
        "attachment": "Fil",
        "device": "Maskine",
        "entry": "Statusopslag",
    },
}

# What a token may do, as a person ticks it.
SCOPE: Final[dict[str, dict[str, str]]] = {
    "en": {
        "device:view": "See machines, how they are and how they were",
        "telemetry:view": "Read what machines measure",
        "entry:view": "Read entries, comments and the archive",
        "model:view": "See device models",
        "entry:ask": "Ask and report",
        "entry:publish": "Write entries of the operator",
        "entry:move": "Move entries along their lifecycle",
        "entry:acknowledge": "Say that an entry was seen",
        "entry:declare_health": "Declare a machine's health",
        "entry:consent": "Decide for the owner who may read an entry",
        "answer:accept": "Say what answered an entry",
        "article:write": "Write articles",
        "article:review": "Review articles",
        "article:publish": "Publish articles",
        "fix:apply": "Say that a fix was applied",
        "community:read": "Read what owners of a model share",
        "community:reply": "Answer owners of a model",
        "comment:post": "Comment",
        "comment:update": "Write official updates",
        "comment:internal": "Read and write internal comments",
        "device:rename": "Change names and sites of machines",
        "device:share": "Share machines with others",
        "device:administer": "Make machines and move them to other owners",
        "credential:administer": "Make and revoke machine tokens",
        "connection:administer": "Look after connections",
        "model:administer": "Change device models",
        "member:invite": "Invite people and change their roles",
        "organisation:administer": "Change organisations",
        "organisation:create": "Make organisations",
        "staff:administer": "Look after people of the operator",
        "customer:find": "Find customers",
        "maintenance:view": "See planned work",
        "maintenance:plan": "Plan work, and say that a service was done",
        "audit:view": "Read the audit log",
        "device:transfer": "Hand machines over to new owners",
        "device:export": "Export what machines measured",
        "device:tune": "Give a machine limits of its own",
        "device:claim": "Claim machines",
        "claim:issue": "Make claim secrets and labels",
        "telemetry:send": "Send telemetry",
        "condition:shelve": "Shelve conditions and take them out of service",
        "link:make": "Make share links",
        "link:send": "Send links by letter",
        "organisation:place": "Place organisations under a holding",
        "organisation:erase": "Erase organisations",
        "person:erase": "Erase people",
        "retention:view": "See what is kept for how long",
        "derivation:view": "See which machines' status cannot be derived",
        "forwarding:administer": "Forward data to third parties",
        "organisation:export": "Export all of an organisation",
        "proof:administer": "Ask for a second proof of sign-in",
        "provider:administer": "Set up single sign-on",
        "customer:see_as": "See as a customer",
        "audit:own": "Read who of the operator looked at our machines",
        "audit:device": "Read who looked at a machine",
    },
    "da": {
        "device:view": "Se maskiner, hvordan de har det, og hvordan de havde det",
        "telemetry:view": "Læse hvad maskiner måler",
        "entry:view": "Læse opslag, kommentarer og arkivet",
        "model:view": "Se maskinmodeller",
        "entry:ask": "Spørge og melde",
        "entry:publish": "Skrive operatørens opslag",
        "entry:move": "Flytte opslag i deres forløb",
        "entry:acknowledge": "Sige, at et opslag er set",
        "entry:declare_health": "Erklære en maskines tilstand",
        "entry:consent": "Bestemme for ejeren, hvem der må læse et opslag",
        "answer:accept": "Sige, hvad der besvarede et opslag",
        "article:write": "Skrive artikler",
        "article:review": "Gennemse artikler",
        "article:publish": "Udgive artikler",
        "fix:apply": "Sige, at en løsning er udført",
        "community:read": "Læse det, en models ejere deler",
        "community:reply": "Svare en models ejere",
        "comment:post": "Kommentere",
        "comment:update": "Skrive officielle meldinger",
        "comment:internal": "Læse og skrive interne kommentarer",
        "device:rename": "Ændre maskiners navne og steder",
        "device:share": "Dele maskiner med andre",
        "device:administer": "Oprette maskiner og give dem andre ejere",
        "credential:administer": "Lave og tilbagekalde maskinnøgler",
        "connection:administer": "Passe forbindelser",
        "model:administer": "Ændre maskinmodeller",
        "member:invite": "Invitere folk og ændre deres roller",
        "organisation:administer": "Ændre organisationer",
        "organisation:create": "Oprette organisationer",
        "staff:administer": "Passe operatørens folk",
        "customer:find": "Finde kunder",
        "maintenance:view": "Se planlagt arbejde",
        "maintenance:plan": "Planlægge arbejde og melde service udført",
        "audit:view": "Læse revisionsloggen",
        "device:transfer": "Overdrage maskiner til nye ejere",
        "device:export": "Eksportere hvad maskiner har målt",
        "device:tune": "Give en maskine sine egne grænser",
        "device:claim": "Gøre krav på maskiner",
        "claim:issue": "Lave kravkoder og mærkater",
        "telemetry:send": "Sende målinger",
        "condition:shelve": "Lægge tilstande på hylden og tage dem ud af drift",
        "link:make": "Lave delelinks",
        "link:send": "Sende links med brev",
        "organisation:place": "Lægge organisationer under en koncern",
        "organisation:erase": "Slette organisationer",
        "person:erase": "Slette personer",
        "retention:view": "Se hvad der gemmes hvor længe",
        "derivation:view": "Se hvilke maskiners status ikke kan udledes",
        "forwarding:administer": "Videresende data til tredjeparter",
        "organisation:export": "Eksportere alt om en organisation",
        "proof:administer": "Kræve et ekstra bevis ved log ind",
        "provider:administer": "Sætte fælles log ind op",
        "customer:see_as": "Se som en kunde",
        "audit:own": "Læse hvem hos operatøren der har set på vores maskiner",
        "audit:device": "Læse hvem der har set på en maskine",
    },
}

SWITCH: Final[dict[str, dict[str, str]]] = {
    "en": {"True": "On", "False": "Off"},
    "da": {"True": "Til", "False": "Fra"},
}


def _word(table: dict[str, dict[str, str]], key: str, locale: str) -> str:
    words = table.get(locale.split("_", maxsplit=1)[0].split("-", maxsplit=1)[0], table[FALLBACK])
    return words.get(key) or key.replace("_", " ").capitalize()


def health_word(health: str, *, locale: str) -> str:
    """Say a health as a customer reads it: `off_spec` is "Out of specification". An unknown key is shown as it is."""
    return _word(HEALTH, health, locale)


def connectivity_word(connectivity: str, *, locale: str) -> str:
    """Say a connectivity in one word. It never says anything about health."""
    return _word(CONNECTIVITY, connectivity, locale)


def lifecycle_word(lifecycle: str, *, locale: str) -> str:
    """Say a step of an entry's lifecycle as it stands under its dot."""
    return _word(LIFECYCLE, lifecycle, locale)


def role_word(role: str, *, locale: str) -> str:
    """Say a membership role or a staff role as its badge shows it."""
    return _word(ROLE, role, locale)


def kind_word(kind: str, *, locale: str) -> str:
    """Say what kind of entry, comment or search result this is."""
    return _word(KIND, kind, locale)


def scope_word(scope: str, *, locale: str) -> str:
    """Say what a scope lets a token do."""
    return _word(SCOPE, scope, locale)


def switch_word(value: bool, *, locale: str) -> str:  # noqa: FBT001 the value of a signal, not a choice of the caller
    """Say a boolean signal."""
    return _word(SWITCH, str(value), locale)
