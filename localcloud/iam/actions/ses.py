"""SES: sending mail as an identity. Managing identities and templates has no resource in this version of the API.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_ses.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._forms import form_list, members
from localcloud.iam.actions._mail import Mail, mail_checks, resource_arn, with_header
from localcloud.iam.actions._params import NotUnderstoodError, binary, text

_WITHOUT_RESOURCE = frozenset(
    {
        "CreateConfigurationSet",
        "CreateTemplate",
        "DeleteConfigurationSet",
        "DeleteIdentity",
        "DeleteTemplate",
        "DeleteVerifiedEmailAddress",
        "DescribeConfigurationSet",
        "GetAccountSendingEnabled",
        "GetIdentityDkimAttributes",
        "GetIdentityVerificationAttributes",
        "GetSendQuota",
        "GetSendStatistics",
        "GetTemplate",
        "ListConfigurationSets",
        "ListIdentities",
        "ListTemplates",
        "ListVerifiedEmailAddresses",
        "SetIdentityFeedbackForwardingEnabled",
        "SetIdentityNotificationTopic",
        "UpdateTemplate",
        "VerifyDomainDkim",
        "VerifyDomainIdentity",
        "VerifyEmailAddress",
        "VerifyEmailIdentity",
    }
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call, whose `params` are form fields as on the wire. Raises NotUnderstoodError."""
    if call.operation in _WITHOUT_RESOURCE:
        return [Check(f"ses:{call.operation}", "*", {"ses:ApiVersion": "1"})]
    reader = _SENDS.get(call.operation)
    return mail_checks(call, catalog, [call.operation], "1", reader(call)) if reader else []


def _message(call: Call) -> Mail:
    return _mail(call, _recipients(call.params, "Destination"))


def _raw_message(call: Call) -> Mail:
    mail = _mail(call, form_list(call.params, "Destinations.member"))
    return with_header(mail, binary(call.params, "RawMessage.Data"))


def _templated_message(call: Call) -> Mail:
    return _with_template(call, _message(call))


def _bulk_message(call: Call) -> Mail:
    destinations = members(call.params, "Destinations.member")
    to = [address for prefix in destinations for address in _recipients(call.params, f"{prefix}.Destination")]
    return _with_template(call, _mail(call, to))


def _mail(call: Call, recipients: Sequence[str]) -> Mail:
    # Rights that another account gave away; there is no other account here.
    if any(text(call.params, name) for name in ("FromArn", "ReturnPathArn", "TemplateArn")):
        raise NotUnderstoodError
    used = text(call.params, "ConfigurationSetName")
    return Mail(
        senders=[text(call.params, "Source")],
        recipients=recipients,
        feedback=text(call.params, "ReturnPath"),
        identity_arn=text(call.params, "SourceArn"),
        resources=[resource_arn(call, "configuration-set", used)] if used else [],
    )


def _with_template(call: Call, mail: Mail) -> Mail:
    template = resource_arn(call, "template", text(call.params, "Template"))
    return replace(mail, resources=[*mail.resources, template])


def _recipients(params: Mapping[str, Any], name: str) -> list[str]:
    fields = ("ToAddresses", "CcAddresses", "BccAddresses")
    return [address for field in fields for address in form_list(params, f"{name}.{field}.member")]


_SENDS = {
    "SendBulkTemplatedEmail": _bulk_message,
    "SendEmail": _message,
    "SendRawEmail": _raw_message,
    "SendTemplatedEmail": _templated_message,
}
