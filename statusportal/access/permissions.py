"""Every permission by name. Which role holds which stands in the rooms' policy files, and in one golden file."""

from enum import StrEnum


class Permission(StrEnum):
    """Name one right, `noun:verb`."""

    DEVICE_VIEW = "device:view"
    DEVICE_RENAME = "device:rename"
    DEVICE_ADMINISTER = "device:administer"
    DEVICE_SHARE = "device:share"
    DEVICE_EXPORT = "device:export"
    MODEL_VIEW = "model:view"
    MODEL_ADMINISTER = "model:administer"
    CREDENTIAL_ADMINISTER = "credential:administer"
    TELEMETRY_SEND = "telemetry:send"
    TELEMETRY_VIEW = "telemetry:view"
    CONNECTION_ADMINISTER = "connection:administer"
    ENTRY_VIEW = "entry:view"
    ENTRY_ASK = "entry:ask"
    ENTRY_PUBLISH = "entry:publish"
    ENTRY_MOVE = "entry:move"
    ENTRY_ACKNOWLEDGE = "entry:acknowledge"
    ENTRY_DECLARE_HEALTH = "entry:declare_health"
    COMMENT_POST = "comment:post"
    COMMENT_UPDATE = "comment:update"
    COMMENT_INTERNAL = "comment:internal"
    ORGANISATION_CREATE = "organisation:create"
    ORGANISATION_ADMINISTER = "organisation:administer"
    MEMBER_INVITE = "member:invite"
    STAFF_ADMINISTER = "staff:administer"
    CUSTOMER_FIND = "customer:find"
    AUDIT_VIEW = "audit:view"
