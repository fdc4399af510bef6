"""The letters, word by word, in English and Danish. Pure: facts in, a letter out.

A letter says who wrote it, what happened and what to do, and holds one link at most. It never holds what somebody typed
but names, and these are escaped in HTML and single lines in the subject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from statusportal.notifications.vocabulary import Letter, LetterKind

FALLBACK: Final = "en"
# Days and times as a letter says them, in the pattern language of Unicode's CLDR.
MOMENTS: Final = {"en": "d MMMM y, HH:mm (z)", "da": "d. MMMM y 'kl.' HH.mm (z)"}


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter of one kind says in one language; places are filled by name, `button` leads on."""

    subject: str
    lines: Sequence[str]
    button: str
    after: Sequence[str]


_ENGLISH: Final[Mapping[LetterKind, Words]] = {
    LetterKind.INVITATION: Words(
        "%(inviter)s invites you to %(organisation)s",
        ["%(inviter)s asks you to join %(organisation)s on %(portal)s.", "There you see how your machines are."],
        "Answer the invitation",
        ["The link works once, until %(until)s. If you expected no invitation, do nothing."],
    ),
    LetterKind.PASSWORD_RESET: Words(
        "Choose a new password",
        ["Somebody asked for a new password for your account on %(portal)s.", "Was it you? Then choose one here."],
        "Choose a new password",
        ["The link works once, for 60 minutes. If it was not you, do nothing: your password stays as it is."],
    ),
    LetterKind.NEW_SIGN_IN: Words(
        "New sign-in with %(browser)s",
        [
            "Somebody signed in to your account on %(portal)s with a browser that was not seen there before.",
            "%(browser)s, %(at)s, from %(address)s.",
            "Was it you? Then all is well.",
        ],
        "See where you are signed in",
        ["If it was not you, end that session and change your password."],
    ),
    LetterKind.PASSWORD_CHANGED: Words(
        "Your password was changed",
        ["The password of your account on %(portal)s was changed, %(at)s.", "Was it you? Then all is well."],
        "Choose another one",
        ["If it was not you, choose another password at once, and tell the administrator of your organisation."],
    ),
    LetterKind.SECOND_PROOFS_RESET: Words(
        "Your second proof was taken away",
        [
            "An administrator took your app, your passkeys and your recovery codes for %(portal)s away, %(at)s.",
            "Your sessions have ended.",
            "Did you ask for it? Then sign in and set up a new one.",
        ],
        "See how you sign in",
        ["If you did not ask for it, change your password at once, and tell the administrator of your organisation."],
    ),
    LetterKind.SHARED_PAGE: Words(
        "%(maker)s shares a page with you",
        ["%(maker)s shows you how a machine of %(organisation)s is, on %(portal)s.", "You need no account for it."],
        "Open the page",
        ["The link opens that page until %(until)s, for whoever has it. Pass it on only if you want them to see it."],
    ),
    LetterKind.VISIT_CONFIRMED: Words(
        "The visit to %(machine)s is confirmed",
        ["The visit to %(machine)s is confirmed: %(time)s.", "What the machine says meanwhile opens no entry."],
        "See the visit",
        ["You get this letter because you decide for %(organisation)s, or planned the visit."],
    ),
    LetterKind.VISIT_MOVED: Words(
        "The visit to %(machine)s has another time",
        ["The visit to %(machine)s was moved: %(time)s.", "It waits for a confirmation again."],
        "See the visit",
        ["You get this letter because you decide for %(organisation)s, or planned the visit."],
    ),
    LetterKind.CONSENT_SHARED: Words(
        "May those you let in read an entry of %(machine)s?",
        [
            "%(portal)s asks whether those with whom %(organisation)s shares %(machine)s may read an entry about it.",
            "Nothing changes before you answer.",
        ],
        "Read it and answer",
        ["You get this letter because you decide for %(organisation)s."],
    ),
    LetterKind.CONSENT_MODEL: Words(
        "May other owners learn from an entry of %(machine)s?",
        [
            "%(portal)s asks %(organisation)s to share an entry about %(machine)s with other owners of the model.",
            "They would see no names, places, serial numbers or exact times. You see both sides before you decide.",
        ],
        "Read it and decide",
        ["You get this letter because you decide for %(organisation)s."],
    ),
    LetterKind.OPERATOR_LET_IN: Words(
        "%(portal)s let somebody at %(machine)s%(more)s",
        [
            "%(maker)s of %(portal)s let somebody at %(machine)s%(more)s in the name of %(organisation)s.",
            "Who it is, what they may and until when stands on the page of who can see the machine.",
        ],
        "See who can see it",
        ["Did nobody of you ask for it? Then end it there: it opens nothing from that moment on."],
    ),
}
_DANISH: Final[Mapping[LetterKind, Words]] = {
    LetterKind.INVITATION: Words(
        "%(inviter)s inviterer dig til %(organisation)s",
        [
            "%(inviter)s beder dig være med i %(organisation)s på %(portal)s.",
            "Der kan du se, hvordan jeres maskiner har det.",
        ],
        "Svar på invitationen",
        ["Linket virker én gang, indtil %(until)s. Ventede du ingen invitation, så gør ingenting."],
    ),
    LetterKind.PASSWORD_RESET: Words(
        "Vælg en ny adgangskode",
        ["Nogen har bedt om en ny adgangskode til din konto på %(portal)s.", "Var det dig? Så vælg en her."],
        "Vælg en ny adgangskode",
        ["Linket virker én gang, i 60 minutter. Var det ikke dig, så gør ingenting: adgangskoden bliver, som den er."],
    ),
    LetterKind.NEW_SIGN_IN: Words(
        "Ny indlogning med %(browser)s",
        [
            "Nogen er logget ind på din konto på %(portal)s med en browser, som ikke er set der før.",
            "%(browser)s, %(at)s, fra %(address)s.",
            "Var det dig? Så er alt i orden.",
        ],
        "Se, hvor du er logget ind",
        ["Var det ikke dig, så afslut den session, og skift din adgangskode."],
    ),
    LetterKind.PASSWORD_CHANGED: Words(
        "Din adgangskode er ændret",
        ["Adgangskoden til din konto på %(portal)s er ændret, %(at)s.", "Var det dig? Så er alt i orden."],
        "Vælg en anden",
        ["Var det ikke dig, så vælg straks en anden adgangskode, og sig det til jeres administrator."],
    ),
    LetterKind.SECOND_PROOFS_RESET: Words(
        "Dit ekstra bevis er fjernet",
        [
            "En administrator har fjernet din app, dine adgangsnøgler og dine koder til %(portal)s, %(at)s.",
            "Dine sessioner er afsluttet.",
            "Bad du om det? Så log ind, og sæt et nyt op.",
        ],
        "Se, hvordan du logger ind",
        ["Bad du ikke om det, så skift straks din adgangskode, og sig det til jeres administrator."],
    ),
    LetterKind.SHARED_PAGE: Words(
        "%(maker)s deler en side med dig",
        [
            "%(maker)s viser dig, hvordan en maskine hos %(organisation)s har det, på %(portal)s.",
            "Du behøver ingen konto.",
        ],
        "Åbn siden",
        ["Linket åbner siden indtil %(until)s for enhver, der har det. Giv det kun videre til dem, der må se den."],
    ),
    LetterKind.VISIT_CONFIRMED: Words(
        "Besøget ved %(machine)s er bekræftet",
        ["Besøget ved %(machine)s er bekræftet: %(time)s.", "Det, maskinen siger imens, åbner intet opslag."],
        "Se besøget",
        ["Du får dette brev, fordi du bestemmer for %(organisation)s eller har planlagt besøget."],
    ),
    LetterKind.VISIT_MOVED: Words(
        "Besøget ved %(machine)s har fået en anden tid",
        ["Besøget ved %(machine)s er flyttet: %(time)s.", "Det venter igen på en bekræftelse."],
        "Se besøget",
        ["Du får dette brev, fordi du bestemmer for %(organisation)s eller har planlagt besøget."],
    ),
    LetterKind.CONSENT_SHARED: Words(
        "Må de, I lukker ind, læse et opslag om %(machine)s?",
        [
            "%(portal)s spørger, om dem %(organisation)s deler %(machine)s med, må læse et opslag om den.",
            "Intet ændres, før du svarer.",
        ],
        "Læs det, og svar",
        ["Du får dette brev, fordi du bestemmer for %(organisation)s."],
    ),
    LetterKind.CONSENT_MODEL: Words(
        "Må andre ejere lære af et opslag om %(machine)s?",
        [
            "%(portal)s beder %(organisation)s dele et opslag om %(machine)s med andre ejere af modellen.",
            "De ser ingen navne, steder, serienumre eller præcise tider. Du ser begge sider, før du bestemmer.",
        ],
        "Læs det, og bestem",
        ["Du får dette brev, fordi du bestemmer for %(organisation)s."],
    ),
    LetterKind.OPERATOR_LET_IN: Words(
        "%(portal)s har lukket nogen ind til %(machine)s%(more)s",
        [
            "%(maker)s hos %(portal)s har lukket nogen ind til %(machine)s%(more)s på vegne af %(organisation)s.",
            "Hvem det er, hvad de må og hvor længe, står på siden om, hvem der kan se maskinen.",
        ],
        "Se, hvem der kan se den",
        ["Har ingen af jer bedt om det? Så afslut det dér: fra det øjeblik åbner det intet."],
    ),
}
WORDS: Final[Mapping[str, Mapping[LetterKind, Words]]] = {"en": _ENGLISH, "da": _DANISH}
_GREETING: Final = {"en": "Hello %(name)s", "da": "Hej %(name)s"}
_WHY: Final = {
    "en": "%(portal)s wrote this letter by itself. Nobody reads answers to it.",
    "da": "%(portal)s har selv skrevet dette brev. Ingen læser svar på det.",
}
_PAGE: Final = Markup(
    '<!doctype html><html lang="{locale}"><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="font:16px/1.5 sans-serif;color:#16181d;background:#fff;max-width:36em;margin:2em auto;padding:0 1em">'
    "<p>{greeting}</p>{lines}{button}{after}"
    '<hr style="border:0;border-top:1px solid #c9ccd3"><p style="font-size:13px;color:#565b66">{why}</p></body></html>'
)
_PARAGRAPH: Final = Markup("<p>{}</p>")
_BUTTON: Final = Markup(
    '<p><a href="{link}" style="display:inline-block;padding:.6em 1.2em;background:#16181d;color:#fff;'
    'border-radius:8px;text-decoration:none">{label}</a></p><p style="font-size:13px;word-break:break-all">{link}</p>'
)


def write_letter(kind: LetterKind, locale: str, to: str, name: str, link: str, facts: Mapping[str, str]) -> Letter:
    """Write one letter. A language that is not spoken here is English."""
    spoken = locale if locale in WORDS else FALLBACK
    words = WORDS[spoken][kind]
    subject = words.subject % facts
    greeting, why = _GREETING[spoken] % {"name": name}, _WHY[spoken] % facts
    lines, after = [line % facts for line in words.lines], [line % facts for line in words.after]
    text = "\n\n".join([f"{greeting},", *lines, f"{words.button}:\n{link}", *after, f"-- \n{why}"])
    html = _PAGE.format(
        locale=spoken,
        subject=subject,
        greeting=f"{greeting},",
        lines=_paragraphs(lines),
        button=_BUTTON.format(link=link, label=words.button),
        after=_paragraphs(after),
        why=why,
    )
    return Letter(to, subject, f"{text}\n", str(html))


def _paragraphs(lines: Sequence[str]) -> Markup:
    return Markup("").join(_PARAGRAPH.format(line) for line in lines)
