"""The list of the API's blueprints: a new family is added here."""

from typing import Any

from statusportal.api.answers import answers
from statusportal.api.articles import articles
from statusportal.api.attachments import attachments
from statusportal.api.audit import audit
from statusportal.api.availability import availability
from statusportal.api.claims import claims
from statusportal.api.comments import comments
from statusportal.api.community import community
from statusportal.api.conditions import conditions
from statusportal.api.consent import consent
from statusportal.api.counters import counters
from statusportal.api.credentials import credentials
from statusportal.api.derivation import derivation
from statusportal.api.devices import devices
from statusportal.api.entries import entries
from statusportal.api.erasures import erasures
from statusportal.api.exports import exports
from statusportal.api.follows import follows
from statusportal.api.forgotten import forgotten
from statusportal.api.forwardings import forwardings
from statusportal.api.grants import grants
from statusportal.api.groups import groups
from statusportal.api.inboxes import inboxes
from statusportal.api.invitations import invitations
from statusportal.api.labels import labels
from statusportal.api.maintenance import maintenance
from statusportal.api.me_too import me_toos
from statusportal.api.model_rules import rules
from statusportal.api.models import models
from statusportal.api.news import news
from statusportal.api.organisations import organisations
from statusportal.api.own_limits import own_limits
from statusportal.api.people import people
from statusportal.api.profile import profile
from statusportal.api.proofs import proofs
from statusportal.api.providers import providers
from statusportal.api.reactions import reactions
from statusportal.api.retention import retention
from statusportal.api.search import searching
from statusportal.api.seeing import seeing
from statusportal.api.session import sessions
from statusportal.api.sharing import sharing
from statusportal.api.sharing_inside import inside
from statusportal.api.standings import standings
from statusportal.api.takeouts import takeouts
from statusportal.api.telemetry import telemetry
from statusportal.api.tokens import tokens
from statusportal.api.transfers import transfers
from statusportal.api.writing import writing

API_BLUEPRINTS: list[Any] = [
    devices,
    sessions,
    tokens,
    profile,
    forgotten,
    people,
    organisations,
    invitations,
    proofs,
    providers,
    entries,
    consent,
    community,
    comments,
    answers,
    articles,
    me_toos,
    reactions,
    attachments,
    writing,
    searching,
    follows,
    news,
    inboxes,
    audit,
    sharing,
    seeing,
    telemetry,
    availability,
    maintenance,
    conditions,
    exports,
    claims,
    credentials,
    labels,
    takeouts,
    erasures,
    retention,
    derivation,
    forwardings,
    transfers,
    grants,
    groups,
    inside,
    models,
    rules,
    own_limits,
    standings,
    counters,
]
