"""What the portal says in a thread about answers and fixes, in both languages. Pure."""

from typing import Any

_SAID = {
    "accepted": ("This was accepted as the answer.", "Dette blev godkendt som svaret."),
    "unaccepted": ("An answer is accepted no more.", "Et svar er ikke længere godkendt."),
    "applied": (
        "The fix was applied. The machine is watched for {days} days.",
        "Løsningen er udført. Der holdes øje med maskinen i {days} dage.",
    ),
    "confirmed": (
        "Confirmed by the machine: the fix held for {days} days.",
        "Bekræftet af maskinen: løsningen har holdt i {days} dage.",
    ),
    "relapsed": (
        "The fix did not hold: it came back after {hours} hours.",
        "Løsningen holdt ikke: det kom igen efter {hours} timer.",
    ),
    "still_broken": (
        "The fix did not help: somebody says that it is still broken.",
        "Løsningen hjalp ikke: nogen siger, at det stadig ikke virker.",
    ),
}


def line(key: str, comment_id: str = "", **values: int) -> dict[str, Any]:
    """Say it. Shape: key, args, en, da, as reasons are kept; `comment_id` in args is what it is about."""
    english, danish = _SAID[key]
    args = {**values, **({"comment_id": comment_id} if comment_id else {})}
    return {"key": f"answer_{key}", "args": args, "en": english.format(**values), "da": danish.format(**values)}
