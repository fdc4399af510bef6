"""Import every room's models, so that the metadata is whole."""

import statusportal.accounts.models
import statusportal.answers.models
import statusportal.audit.models
import statusportal.catalogue.models
import statusportal.claims.models
import statusportal.community.models
import statusportal.conditions.models
import statusportal.connections.models
import statusportal.credentials.models
import statusportal.custody.models
import statusportal.discussion.models
import statusportal.drafts.models
import statusportal.enclosures.models
import statusportal.entries.models
import statusportal.erasure.models
import statusportal.evidence.models
import statusportal.federation.models
import statusportal.fleet.models
import statusportal.following.models
import statusportal.forwarding.models
import statusportal.groups.models
import statusportal.identity.models
import statusportal.knowledge.models
import statusportal.labels.models
import statusportal.me_too.models
import statusportal.mentions.models
import statusportal.news.models
import statusportal.passwords.models
import statusportal.proofs.models
import statusportal.reactions.models
import statusportal.retention.models
import statusportal.search.models
import statusportal.seen_as.models
import statusportal.sharing.models
import statusportal.status.models
import statusportal.takeout.models
import statusportal.telemetry.models  # noqa: F401 - imported for the tables alone
from statusportal.db.base import Base
from statusportal.db.outbox import OutboxMessage  # noqa: F401 - as above

metadata = Base.metadata
