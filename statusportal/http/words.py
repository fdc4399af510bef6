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


def switch_word(value: bool, *, locale: str) -> str:  # noqa: FBT001 the value of a signal, not a choice of the caller
    """Say a boolean signal."""
    return _word(SWITCH, str(value), locale)
