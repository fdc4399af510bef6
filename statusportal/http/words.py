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

# What a token may do, as a person ticks it. A right that is new here is shown by its name until it has words.
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
        "audit:view": "Read the audit log",
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
        "audit:view": "Læse revisionsloggen",
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
