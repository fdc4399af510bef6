"""What is printed on labels and slips, in each language of the screens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWords:
    """The sentences around a machine's own facts; a `%s` takes the maker's name."""

    scan: str
    labels: str
    claim_secret: str
    slips: str
    for_machine: str
    works: str
    once_until: str
    how: str
    keep_apart: str


WORDS: dict[str, PrintedWords] = {
    "en": PrintedWords(
        scan="Scan for status, help and history.",
        labels="Labels",
        claim_secret="Claim secret",  # noqa: S106 - a heading
        slips="Claim slips",
        for_machine="For",
        works="Works",
        once_until="once, until %s",
        how="Open %s and type the secret.",
        keep_apart="Keep it away from the machine. Only its fingerprint is stored, so it cannot be printed again.",
    ),
    "da": PrintedWords(
        scan="Scan for status, hjælp og historik.",
        labels="Mærkater",
        claim_secret="Overtagelseskode",  # noqa: S106 - as above
        slips="Overtagelsessedler",
        for_machine="Til",
        works="Virker",
        once_until="én gang, til %s",
        how="Åbn %s, og skriv koden.",
        keep_apart="Hold den væk fra maskinen. Kun dens fingeraftryk er gemt, så den kan ikke printes igen.",
    ),
}
USUAL_LANGUAGE = "en"


def words_in(language: str) -> PrintedWords:
    """Return the words of a language; an unknown one reads English."""
    return WORDS.get(language, WORDS[USUAL_LANGUAGE])
