"""Good templates that are not ours have no finding: other providers, session tags, SAM's own forms, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.policy.lint import check, read_template

PROVIDERS = """
Resources:
  Google:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: accounts.google.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"accounts.google.com:aud": "123.apps.googleusercontent.com"}}
  Facebook:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: graph.facebook.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"graph.facebook.com:app_id": "123"}}
  Pods:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: "arn:aws:iam::000000000000:oidc-provider/oidc.example.com/id/1"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"oidc.example.com/id/1:sub": "system:serviceaccount:a:b"}}
  Saml:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: "arn:aws:iam::000000000000:saml-provider/corp"}
            Action: sts:AssumeRoleWithSAML
            Condition:
              StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}
              ForAnyValue:StringEquals: {"SAML:eduPersonOrgDN": [Example]}
"""

SESSION_TAGS = """
Resources:
  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: false}}
  Tags:
    Type: AWS::Cognito::IdentityPoolPrincipalTag
    Properties: {IdentityPoolId: !Ref Pool, IdentityProviderName: p, PrincipalTags: {Team: "custom:team"}}
  Attachment:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {authenticated: !GetAtt Role.Arn}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: {Federated: [cognito-identity.amazonaws.com]}
          Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
          Condition:
            StringEquals: {"cognito-identity.amazonaws.com:aud": [!Ref Pool]}
            ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": [authenticated, graph.facebook.com]}
  Policy:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref Role
      PolicyName: team
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: !Sub "arn:${AWS::Partition}:s3:::bucket/team/${!aws:PrincipalTag/team}/*"
          - Effect: Allow
            Action: dynamodb:Query
            Resource: [!Sub "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/t/index/by-team"]
            Condition:
              ForAllValues:StringLike:
                dynamodb:LeadingKeys: ["${aws:PrincipalTag/Team, 'nobody'}#*"]
                dynamodb:Attributes: [pk, sk]
              "Null": {dynamodb:LeadingKeys: false}
              StringEqualsIfExists: {dynamodb:Select: SPECIFIC_ATTRIBUTES}
          - {Effect: Deny, Action: "s3:*", Resource: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}}
          - {Effect: Deny, Action: "s3:*", Resource: "*", Condition: {"Null": {"aws:PrincipalTag/Team": "true"}}}
          - {Effect: Allow, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:us-east-1:*:*/prod/GET/me"}
"""

SAM = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 5}}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  One:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSLambdaBasicExecutionRole
        - S3ReadPolicy: {BucketName: !Ref Bucket}
        - Statement:
            - {Effect: Allow, Action: [s3:ListAllMyBuckets, "xray:*"], Resource: "*"}
            - Effect: Allow
              Action: [s3:ListBucket, s3:GetObject]
              Resource: [!GetAtt Bucket.Arn, !Join ["/", [!GetAtt Bucket.Arn, "*"]]]
  Two: {Type: AWS::Serverless::Function, Properties: {Policies: AWSLambdaBasicExecutionRole}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition: {ArnEquals: {"aws:SourceArn": !GetAtt Bucket.Arn}}
  Administrator:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: "*", Resource: "arn:aws:iam::*:user/${aws:username}"}
"""


@pytest.mark.parametrize("text", [PROVIDERS, SESSION_TAGS, SAM], ids=["providers", "session tags", "SAM"])
def test_a_good_template_has_no_finding(text: str, tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(text)
    assert check(read_template(path), strict=True) == []


def test_a_good_template_in_json_has_no_finding(tmp_path: Path) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": {"Ref": "Pool"}},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
            },
        },
    }
    own = {"Fn::Sub": ["arn:aws:s3:::${Name}/${!cognito-identity.amazonaws.com:sub}/*", {"Name": {"Ref": "Bucket"}}]}
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": own}],
    }
    resources = {
        "Pool": {"Type": "AWS::Cognito::IdentityPool", "Properties": {"AllowUnauthenticatedIdentities": False}},
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trust,
                "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
            },
        },
    }
    path = tmp_path / "good.json"
    path.write_text(json.dumps({"Resources": resources}))
    assert check(read_template(path), strict=True) == []
