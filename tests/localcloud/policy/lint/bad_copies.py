"""Bad copies of our template: each is one small edit of the real file that lays exactly one trap.

An edit is a replacement inside one resource that must apply exactly once, so that a changed template fails the tests
loudly instead of leaving a rule untested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
TEMPLATE = ROOT / "cloudformation" / "backend.yaml"

SUB = "cognito-identity.amazonaws.com:sub"
GUEST_AMR = '              ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": unauthenticated}\n'
GUEST_AUD = '              StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref IdentityPool}\n'
NULL = '              "Null": {"dynamodb:LeadingKeys": "false"}\n'
GROUP_ITEMS = """                Condition:
                  ForAllValues:StringEquals: {"dynamodb:LeadingKeys": ["GROUP#editors"]}
                  "Null": {"dynamodb:LeadingKeys": "false"}
"""
DENIED = """            Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt UserDataBucket.Arn, !Sub "${UserDataBucket.Arn}/*"]
            Condition: {Bool: {"aws:SecureTransport": "false"}}
"""
UNLESS = """            Effect: Allow
            Principal: {AWS: "000000000000"}
            Action: s3:GetObject
            Resource: !Sub "${UserDataBucket.Arn}/*"
            Condition: {StringNotEquals: {"aws:userid": "${aws:PrincipalTag/banned}"}}
"""
OPEN_INDEX = """
              - Effect: Allow
                Action: dynamodb:Query
                Resource: !Sub "${UserDataTable.Arn}/index/by-name"
"""
WRITES = OPEN_INDEX.replace("Query", "PutItem").replace(
    '!Sub "${UserDataTable.Arn}/index/by-name"', "!GetAtt AppDataTable.Arn"
)
PREFIXED = "                Condition: {StringLike: {s3:prefix: group/editors/*}}\n"
RULES = """
          Type: Rules
          RulesConfiguration:
            Rules:
              - Claim: locale
                MatchType: Equals
                Value: xx
                RoleARN: !GetAtt EditorsRole.Arn"""
INDEXES = """
      GlobalSecondaryIndexes:
        - {IndexName: by-sk, KeySchema: [{AttributeName: sk, KeyType: HASH}], Projection: {ProjectionType: ALL}}
      KeySchema:
"""
MANY = ", ".join(f'"arn:aws:s3:::{"b" * 50}/{number}"' for number in range(200))


FEDERATED = "{Federated: cognito-identity.amazon."
OAUTH = "AllowedOAuthFlowsUserPoolClient: true"
SCAN = "              - dynamodb:Scan\n"
ROLES = 'Principal: {AWS: "arn:aws:iam::000000000000:role/*"}'
CHINA = "cognito-identity.amazonaws.com.cn"
UPLOADS = "s3:ListBucketMultipartUploads"
BUCKET = "!GetAtt UserDataBucket.Arn"
OBJECTS = '!Sub "${UserDataBucket.Arn}/*"'
NOBODY = 'Allow\n            NotPrincipal: {AWS: "000000000000"}'
PASS = 'logs:PutLogEvents, iam:PassRole]\n                Resource: "*"'


@dataclass(frozen=True, slots=True)
class BadCopy:
    """In `resource`, `old` becomes `new`. `at`: what stands on the lines of the findings, in `where`."""

    rule: str
    resource: str
    old: str
    new: str
    at: tuple[str, ...]
    where: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole bad template."""
        good = TEMPLATE.read_text()
        start, end = block(good, self.resource)
        assert good.count(self.old, start, end) == 1, f"{self.resource}: once `{self.old}`"
        return good[:start] + good[start:end].replace(self.old, self.new) + good[end:]

    @property
    def places(self) -> list[tuple[str, int]]:
        """The resource and line of each finding."""
        bad = self.text
        places = []
        for number, marker in enumerate(self.at):
            name = self.where[number] if self.where else self.resource
            start, end = block(bad, name)
            assert bad.count(marker, start, end) == 1, f"{name}: once `{marker}`"
            places.append((name, bad.count("\n", 0, bad.index(marker, start)) + 1))
        return places


def block(template: str, resource: str) -> tuple[int, int]:
    """Where the text of a resource begins and ends."""
    start = template.index(f"\n  {resource}:\n") + 1
    end = re.compile(r"^(  #|  \w|\w)", re.MULTILINE).search(template, start + 3)
    assert end is not None
    return start, end.start()


def bad(rule: str, resource: str, old: str, new: str, *at: str, where: tuple[str, ...] = ()) -> BadCopy:
    """A bad copy; without `at` the findings are where the new text is."""
    return BadCopy(rule, resource, old, new, at or (new.strip().splitlines()[0],), where)


TRUST = [
    bad("service-instead-of-federated", "GuestRole", "{Federated: cognito", "{Service: cognito"),
    bad("trust-without-web-identity", "GuestRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
    bad(
        "provider-name-typo",
        "GuestRole",
        "{Federated: cognito-identity.amazonaws",
        "{Federated: cognito-identity.amazon",
    ),
    bad("provider-name-typo", "GuestRole", 'amazonaws.com:aud"', 'amazon.com:aud"'),
    bad("provider-name-typo", "ApiRole", "lambda.amazonaws.com", "lambda.amazon.com"),
    bad("trust-without-audience", "GuestRole", GUEST_AUD, "", "- Sid: GuestsOfThisPool"),
    bad("trust-without-audience", "GuestRole", 'StringEquals: {"cog', 'StringNotEquals: {"cog', "- Sid: GuestsOf"),
    bad("trust-without-amr", "GuestRole", GUEST_AMR, "", "- Sid: GuestsOfThisPool"),
    bad("trust-for-the-wrong-caller", "AuthenticatedRole", 'amr": authenticated', 'amr": "*authenticated"'),
    bad("trust-for-the-wrong-caller", "GuestRole", 'amr": unauthenticated', 'amr": authenticated'),
    bad("trust-of-another-pool", "GuestRole", "!Ref IdentityPool", '"us-east-1:00000000-0000-4000-8000-000000000000"'),
    bad("trust-of-another-pool", "EditorsRole", "!Ref IdentityPool", "!Ref UserPool"),
    bad("tag-session-missing", "AuthenticatedRole", ", sts:TagSession]", "]", "AssumeRolePolicyDocument:"),
    bad("tag-session-unmapped", "OwnDataPolicy", f"protected/${{!{SUB}}}", "protected/${!aws:PrincipalTag/team}"),
    bad(
        "tag-session-unmapped",
        "IdentityPoolTags",
        "UseDefaults: true",
        "UseDefaults: false",
        "sts:TagSession",
        "sts:TagSession",
        where=("AuthenticatedRole", "EditorsRole"),
    ),
    bad("tag-for-guests", "GuestRole", '/public/*"', '/public/${!aws:PrincipalTag/username}/*"'),
    bad("wrong-partition", "OwnDataPolicy", "protected/${!cognito-identity.amazonaws.com:", f"protected/${{!{CHINA}:"),
    bad("long-sessions", "GuestRole", "      AssumeRole", "      MaxSessionDuration: 43200\n      AssumeRole"),
]

POOLS = [
    bad("classic-flow-with-guests", "IdentityPool", "AllowClassicFlow: false", "AllowClassicFlow: true"),
    bad("server-side-token-check-off", "IdentityPool", "TokenCheck: true", "TokenCheck: false"),
    bad("server-side-token-check-off", "IdentityPool", "          ServerSideTokenCheck: true\n", "", "- ClientId"),
    bad("role-from-writable-attribute", "IdentityPoolRoles", "\n          Type: Token", RULES, "Claim: locale"),
    bad("tag-from-writable-attribute", "IdentityPoolTags", "UseDefaults: true", "PrincipalTags: {username: locale}"),
    bad("role-drops-own-data", "EditorsRole", "[!Ref OwnDataPolicy]", "[]", "EditorsRole:"),
    bad("guest-data-left-behind", "GuestRole", "private/${!", "drafts/${!", "Authentic", where=("AuthenticatedRole",)),
    bad("guest-beyond-scope-down", "GuestRole", "s3:GetObject\n", "[s3:GetObject, ec2:DescribeRegions]\n"),
    bad("managed-login-without-style", "ManagedLoginStyle", "!Ref AppClient", "another", OAUTH, where=("AppClient",)),
    bad("admin-actions-for-users", "GuestRole", "s3:GetObject\n", '[s3:GetObject, "cognito-identity:*"]\n'),
    bad("admin-actions-for-users", "EditorsRole", "Action: s3:ListBucket", "Action: [s3:ListBucket, sts:AssumeRole]"),
]

LANGUAGE = [
    bad("variable-swallowed-by-sub", "GuestRole", f"${{!{SUB}}}", f"${{{SUB}}}", f'private/${{{SUB}}}/*"\n'),
    bad("escape-outside-sub", "GuestRole", f'["private/${{{SUB}}}', f'["private/${{!{SUB}}}'),
    bad("escape-outside-sub", "OwnDataPolicy", f"protected/${{!{SUB}}}", f"protected/$${{!{SUB}}}"),
    bad("policy-version", "OwnDataPolicy", "2012-10-17", "2008-10-17"),
    bad("policy-version", "OwnDataPolicy", '        Version: "2012-10-17"\n', "", "PolicyDocument:"),
    bad("for-all-values-without-null", "OwnDataPolicy", NULL, "", "ForAllValues:StringEquals:"),
    bad("for-all-values-without-null", "GuestRole", "ForAnyValue:", "ForAllValues:", "ForAllValues:StringLike:"),
    bad("if-exists-on-guard", "EditorsRole", "{StringLike: {s3:prefix", "{StringLikeIfExists: {s3:prefix"),
    bad("set-operator-missing", "GuestRole", "ForAllValues:StringEquals:\n", "StringEquals:\n", " StringEquals:\n"),
    bad("equals-with-wildcard", "EditorsRole", "{StringLike: {s3:prefix", "{StringEquals: {s3:prefix"),
    bad("username-for-roles", "OwnDataPolicy", f"protected/${{!{SUB}}}", "protected/${!aws:username}"),
    bad("bool-if-exists-false", "UserDataBucketPolicy", "{Bool: {", "{BoolIfExists: {"),
    bad("deny-on-absent-key", "UserDataBucketPolicy", "aws:SecureTransport", "aws:MultiFactorAuthPresent"),
    bad("condition-never-true", "UserDataBucketPolicy", 'Transport": "false"', 'Transport": "off"'),
    bad("condition-never-true", "UserDataBucketPolicy", "{Bool: {", "{Boolean: {"),
    bad("variable-in-negation", "UserDataBucketPolicy", DENIED, UNLESS, "StringNotEquals"),
    bad("allow-all-but", "GuestRole", "Action: s3:GetObject\n", "NotAction: s3:DeleteObject\n"),
    bad("dead-wildcard", "EditorsRole", "Action: s3:ListBucket", 'Action: "s*:ListBucket"'),
    bad("dead-wildcard", "ApiRole", "!GetAtt AppDataTable.Arn", "arn:aws:dynamodb:*:*:tab*/data"),
    bad(
        "dead-wildcard",
        "UserDataBucketPolicy",
        'Principal: "*"',
        'Principal: {AWS: "arn:aws:iam::000000000000:role/*"}',
    ),
    bad("over-quota", "ApiRole", "!GetAtt AppDataTable.Arn", f"[{MANY}]", "          PolicyDocument:"),
]

DATA = [
    bad(
        "any-value-on-leading-keys",
        "GuestRole",
        "ForAllValues:String",
        "ForAnyValue:String",
        "ForAnyValue:StringEquals",
    ),
    bad("scan-on-leading-keys", "OwnDataPolicy", "- dynamodb:Query\n", f"- dynamodb:Query\n{SCAN}", "- dynamodb:Scan"),
    bad("scan-on-leading-keys", "EditorsRole", "- dynamodb:Query", '- "dynamodb:*"'),
    bad("table-open-beside-leading-keys", "EditorsRole", GROUP_ITEMS, "", "!GetAtt UserDataTable.Arn"),
    bad(
        "table-open-beside-leading-keys",
        "EditorsRole",
        "            Statement:\n              - Sid: PublishedFiles",
        f"            Statement:{OPEN_INDEX}              - Sid: PublishedFiles",
        "/index/by-name",
    ),
    bad(
        "index-not-allowed",
        "UserDataTable",
        "\n      KeySchema:\n",
        INDEXES,
        "dynamodb:Query",
        "dynamodb:Query",
        "dynamodb:Query",
        where=("OwnDataPolicy", "EditorsRole", "GuestRole"),
    ),
    bad(
        "attributes-without-select",
        "GuestRole",
        "                  ForAllValues:StringEquals:\n",
        "                  ForAllValues:StringEquals:\n                    dynamodb:Attributes: [pk, sk, text]\n",
        "dynamodb:Attributes",
    ),
    bad("files-open-beside-own", "OwnDataPolicy", f"/private/${{!{SUB}}}/*", "/private/*"),
    bad("files-open-beside-own", "EditorsRole", "/public/*", "/protected/*"),
    bad("list-of-all-files", "EditorsRole", PREFIXED, "", "!GetAtt UserDataBucket.Arn"),
    bad(
        "shared-items-for-users",
        "EditorsRole",
        "            Statement:\n              - Sid: PublishedFiles",
        f"            Statement:{WRITES}              - Sid: PublishedFiles",
        "!GetAtt AppDataTable.Arn",
    ),
    bad("shared-files-for-users", "GuestRole", "s3:GetObject\n", "[s3:GetObject, s3:PutObject]\n", '/public/*"\n'),
    bad("shared-files-for-users", "EditorsRole", '/group/editors/*"\n', '/*"\n', 'UserDataBucket.Arn}/*"'),
    bad("prefix-without-slash", "OwnDataPolicy", f'"private/${{{SUB}}}/*"', f'"private/${{{SUB}}}*"'),
    bad("prefix-without-slash", "OwnDataPolicy", f'/private/${{!{SUB}}}/*"', f'/private/${{!{SUB}}}*"'),
    bad("prefix-without-slash", "EditorsRole", "s3:prefix: group/editors/*", "s3:prefix: group/editors*"),
    bad("bucket-name-wildcard", "GuestRole", '/public/*"\n', '*"\n', 'UserDataBucket.Arn}*"'),
    bad("list-bucket-on-objects", "EditorsRole", "!GetAtt UserDataBucket.Arn", OBJECTS, "Action: s3:ListBucket"),
    bad("object-action-on-bucket", "GuestRole", '!Sub "${UserDataBucket.Arn}/public/*"', BUCKET, "s3:GetObject\n"),
    bad("wildcard-before-variable", "OwnDataPolicy", f"/protected/${{!{SUB}}}", f"/*/${{!{SUB}}}"),
    bad("key-with-dot-or-colon", "EditorsRole", '/group/editors/*"', '/group%3Aeditors/*"'),
    bad("key-with-dot-or-colon", "EditorsRole", '/public/*"', '/group/../public/*"'),
    bad("list-without-prefix", "GuestRole", '"public/*"]', '"public/*", ""]'),
    bad("multipart-incomplete", "GuestRole", "s3:AbortMultipartUpload, ", "", "Action: [s3"),
    bad("uploads-listed-by-prefix", "EditorsRole", "s3:ListBucket\n", f"[s3:ListBucket, {UPLOADS}]\n"),
    bad("public-resource-policy", "UserDataBucketPolicy", "Effect: Deny", "Effect: Allow", 'Principal: "*"'),
    bad("not-principal-with-allow", "UserDataBucketPolicy", 'Deny\n            Principal: "*"', NOBODY, "NotPrincipal"),
]

FUNCTIONS = [
    bad("shared-function-role", "CustomMessageFunction", "CustomMessageRole.Arn", "PreSignUpRole.Arn"),
    bad("data-actions-on-everything", "ApiRole", "!GetAtt AppDataTable.Arn", '"*"'),
    bad("pass-any-role", "ApiRole", "logs:PutLogEvents]\n                Resource: !GetAtt ApiLogs.Arn", PASS, '"*"'),
]

# Known only with --strict, which says what cannot be told.
UNKNOWN = bad("unknown-value", "GuestRole", "!Ref IdentityPool", "!ImportValue pool-id")

BAD_COPIES = [*TRUST, *POOLS, *LANGUAGE, *DATA, *FUNCTIONS]
