"""The list of the pages' blueprints. A new family of pages is added here."""

from flask import Blueprint, Flask

from statusportal.web import shell
from statusportal.web.admin.families import admin_pages
from statusportal.web.claiming import claiming
from statusportal.web.community.families import community_pages
from statusportal.web.confirming import confirming
from statusportal.web.devices.families import device_pages
from statusportal.web.forgotten import forgotten_pages
from statusportal.web.forwarding.routes import forwarding_pages
from statusportal.web.inbox import inbox_pages
from statusportal.web.knowledge.families import knowledge_pages
from statusportal.web.labels import labels
from statusportal.web.maintenance.families import planned_work_pages
from statusportal.web.my_data import my_data
from statusportal.web.news import news_pages
from statusportal.web.preferences import preferences
from statusportal.web.profile import profile_pages
from statusportal.web.proofs import proofs
from statusportal.web.search import search_pages
from statusportal.web.second_step import second_step_pages
from statusportal.web.seeing import seeing
from statusportal.web.session import session
from statusportal.web.sharing.families import shared_pages
from statusportal.web.sharing.making import links
from statusportal.web.single_sign_on import single_sign_on
from statusportal.web.support import support
from statusportal.web.talk.families import entry_pages
from statusportal.web.tokens import token_pages

PAGES: tuple[Blueprint, ...] = (
    session,
    second_step_pages,
    single_sign_on,
    proofs,
    confirming,
    forgotten_pages,
    preferences,
    profile_pages,
    token_pages,
    my_data,
    forwarding_pages,
    planned_work_pages,
    device_pages,
    entry_pages,
    community_pages,
    knowledge_pages,
    shared_pages,
    links,
    seeing,
    search_pages,
    news_pages,
    inbox_pages,
    admin_pages,
    support,
    claiming,
    labels,
)


def attach_pages(app: Flask) -> None:
    """Register the pages and what stands around them."""
    shell.init_app(app)
    for one in PAGES:
        app.register_blueprint(one)
