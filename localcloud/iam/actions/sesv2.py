"""SES by its second API, a REST one: sending mail as an identity, and managing identities, templates and sets.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_sesv2.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._mail import Mail, mail_checks, read_mailbox, resource_arn, with_header
from localcloud.iam.actions._params import (
    NotUnderstoodError,
    as_mapping,
    as_text,
    binary,
    items,
    mapping,
    refuse_duplicate_names,
    tag_context,
    tag_list,
    text,
)

_PATH = re.compile(r"/v2/email/(?P<collection>identities|templates|configuration-sets)/(?P<name>[^/]+)(/[a-z/-]+)?/?")
_KINDS = {"configuration-sets": "configuration-set", "identities": "identity", "templates": "template"}
_ON_ONE = frozenset(
    {
        "DeleteConfigurationSet",
        "DeleteEmailIdentity",
        "DeleteEmailTemplate",
        "GetConfigurationSet",
        "GetConfigurationSetEventDestinations",
        "GetEmailIdentity",
        "GetEmailTemplate",
        "PutConfigurationSetDeliveryOptions",
        "PutConfigurationSetReputationOptions",
        "PutConfigurationSetSendingOptions",
        "PutConfigurationSetSuppressionOptions",
        "PutConfigurationSetTrackingOptions",
        "UpdateEmailTemplate",
    }
)
_CREATES = {
    "CreateConfigurationSet": ("configuration-set", "ConfigurationSetName"),
    "CreateEmailIdentity": ("identity", "EmailIdentity"),
    "CreateEmailTemplate": ("template", "TemplateName"),
}
_WITHOUT_RESOURCE = frozenset(
    {
        "GetAccount",
        "ListConfigurationSets",
        "ListEmailIdentities",
        "ListEmailTemplates",
        "ListSuppressedDestinations",
        "PutAccountDetails",
        "PutAccountSuppressionAttributes",
    }
)
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call, whose `path` is percent-decoded once and whose `body` is JSON.

    Raises NotUnderstoodError, and AwsError `SerializationException`, `ValidationException`.
    """
    refuse_duplicate_names(call.body)
    params = as_mapping(json.loads(call.body or b"{}"))
    action, version = f"ses:{call.operation}", {"ses:ApiVersion": "2"}
    if call.operation in _WITHOUT_RESOURCE:
        return [Check(action, "*", version)]
    if call.operation in _ON_ONE:
        return [Check(action, _resource_of_path(call), version)]
    if call.operation in _CREATES:
        kind, member = _CREATES[call.operation]
        arn, tags = _arn(call, kind, text(params, member)), tag_context(tag_list(params, "Tags"))
        asked = [action, *(["ses:TagResource"] if tags else [])]
        return [Check(name, arn, {**version, **tags}) for name in asked]
    if call.operation == "SendEmail":
        return _send(call, catalog, params)
    return _send_bulk(call, catalog, params) if call.operation == "SendBulkEmail" else []


def _send(call: Call, catalog: Catalog, params: Mapping[str, Any]) -> list[Check]:
    """A message as such is sent by `SendRawEmail`, as AWS's refusals show.

    Whether a template takes `SendEmail`, as the reference says, or `SendTemplatedEmail` is not known: both are asked.
    """
    mail, content = _mail(call, params, [mapping(params, "Destination")]), mapping(params, "Content")
    kinds = [kind for kind in ("Simple", "Raw", "Template") if content.get(kind)]
    if len(kinds) != 1:
        raise NotUnderstoodError
    if kinds == ["Simple"]:
        return mail_checks(call, catalog, ["SendEmail"], "2", mail)
    if kinds == ["Template"]:
        used = [*mail.resources, *_templates(call, mapping(content, "Template"))]
        return mail_checks(call, catalog, ["SendEmail", "SendTemplatedEmail"], "2", replace(mail, resources=used))
    raw = with_header(mail, binary(mapping(content, "Raw"), "Data"))
    return mail_checks(call, catalog, ["SendRawEmail"], "2", raw)


def _send_bulk(call: Call, catalog: Catalog, params: Mapping[str, Any]) -> list[Check]:
    destinations = [mapping(as_mapping(entry), "Destination") for entry in items(params, "BulkEmailEntries")]
    mail = _mail(call, params, destinations)
    used = [*mail.resources, *_templates(call, mapping(mapping(params, "DefaultContent"), "Template"))]
    actions = ["SendBulkEmail", "SendBulkTemplatedEmail"]
    return mail_checks(call, catalog, actions, "2", replace(mail, resources=used))


def _mail(call: Call, params: Mapping[str, Any], destinations: Sequence[Mapping[str, Any]]) -> Mail:
    # Rights that another account gave away, and sending from several Regions: there is one account and one Region.
    if text(params, "FeedbackForwardingEmailAddressIdentityArn") or text(params, "EndpointId"):
        raise NotUnderstoodError
    fields = ("ToAddresses", "CcAddresses", "BccAddresses")
    used = text(params, "ConfigurationSetName")
    return Mail(
        senders=[text(params, "FromEmailAddress")],
        recipients=[as_text(item) for to in destinations for field in fields for item in items(to, field)],
        feedback=text(params, "FeedbackForwardingEmailAddress"),
        identity_arn=text(params, "FromEmailAddressIdentityArn"),
        resources=[resource_arn(call, "configuration-set", used)] if used else [],
    )


def _templates(call: Call, template: Mapping[str, Any]) -> list[str]:
    """The stored template that is used, if any. Raises NotUnderstoodError for one named in two ways."""
    name, arn = text(template, "TemplateName"), text(template, "TemplateArn")
    own = arn.rpartition("/")[2] if arn else name
    if not own:
        return []
    found = resource_arn(call, "template", own)
    if (name and name != own) or (arn and arn != found):
        raise NotUnderstoodError
    return [found]


def _resource_of_path(call: Call) -> str:
    match = _PATH.fullmatch(call.path)
    if match is None:
        raise NotUnderstoodError
    return _arn(call, _KINDS[match["collection"]], match["name"])


def _arn(call: Call, kind: str, name: str) -> str:
    if kind != "identity":
        return resource_arn(call, kind, name)
    if not _DOMAIN.fullmatch(name) and read_mailbox(name).address != name:
        raise NotUnderstoodError
    return f"arn:aws:ses:{call.region}:{call.account}:identity/{name}"
