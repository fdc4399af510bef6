"""The kinds of rules in plain words, for who reads why a machine says what it says."""

from flask_babel import gettext as _


def rule_kind_words() -> dict[str, str]:
    """Return what each kind of rule looks at, by the word of the kind."""
    return {
        "limit": _("The value is beyond a limit."),
        "rate": _("The value changes too fast."),
        "window": _("The values of a while, taken together, are beyond a limit."),
        "no_change": _("The value does not move any more, as if the sensor were stuck."),
        "codes": _("The machine shows an alarm code."),
        "counter_due": _("Service is due by what was counted since the last one."),
        "combination": _("Several rules are broken together."),
        "native": _("The machine says so itself."),
        "baseline": _("The values are not what was learned as normal from this machine's own past."),
    }
