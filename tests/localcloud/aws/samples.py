"""One resource of each proven type with every proven property, and what an update makes of it."""

from __future__ import annotations

from typing import Any

from tests.localcloud.aws.local_engine import ACCOUNT

TAGS = [{"Key": "a", "Value": "b"}]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/proof-role"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:proof"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
OTHER_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
GUARD = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::proof-bucket/*"}
BUCKET_POLICY = {"Version": "2012-10-17", "Statement": [GUARD]}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
MANAGED_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/team/proof"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:proof"
DEAD_LETTERS = f"arn:aws:sqs:us-east-1:{ACCOUNT}:proof-dead-letters"
SENDER = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
}
QUEUE_POLICY = {"Version": "2012-10-17", "Statement": [SENDER]}

AFTER = {"AWS::Lambda::EventInvokeConfig": ["Alias"]}
"""What a sample waits for without referring to it."""

OTHERS = {"DeadLetters": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "proof-dead-letters"}}}
"""Resources that the samples need besides each other."""

SAMPLES: dict[str, dict[str, Any]] = {
    "AWS::ApiGatewayV2::Api": {
        "Name": "proof",
        "Description": "an API",
        "ProtocolType": "HTTP",
        "CorsConfiguration": {
            "AllowOrigins": ["https://a.example"],
            "AllowMethods": ["GET"],
            "AllowHeaders": ["authorization"],
            "ExposeHeaders": ["x-a"],
            "AllowCredentials": True,
            "MaxAge": 60,
        },
        "Tags": {"a": "b"},
    },
    "AWS::ApiGatewayV2::Authorizer": {
        "ApiId": {"Ref": "Api"},
        "Name": "tokens",
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {"Issuer": "https://issuer.example", "Audience": ["app"]},
    },
    "AWS::ApiGatewayV2::Integration": {
        "ApiId": {"Ref": "Api"},
        "Description": "a function",
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": {"Ref": "Alias"},
        "PayloadFormatVersion": "2.0",
    },
    "AWS::ApiGatewayV2::Route": {
        "ApiId": {"Ref": "Api"},
        "RouteKey": "GET /a/{b}",
        "AuthorizationType": "JWT",
        "AuthorizerId": {"Ref": "Authorizer"},
        "AuthorizationScopes": ["scope"],
        "OperationName": "GetA",
        "Target": {"Fn::Sub": "integrations/${Integration}"},
    },
    "AWS::ApiGatewayV2::Stage": {
        "ApiId": {"Ref": "Api"},
        "StageName": "$default",
        "Description": "a stage",
        "AutoDeploy": True,
        "Tags": {"a": "b"},
    },
    "AWS::DynamoDB::Table": {
        "TableName": "proof",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": "true"},
        "Tags": TAGS,
    },
    "AWS::Events::Rule": {
        "Name": "proof",
        "Description": "a rule",
        "EventPattern": {"source": ["aws.cognito-idp"], "detail": {"eventName": ["GlobalSignOut"]}},
        "State": "ENABLED",
        "Targets": [
            {
                "Id": "queue",
                "Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
                "Input": '{"a": 1}',
                "DeadLetterConfig": {"Arn": DEAD_LETTERS},
                "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60},
            }
        ],
    },
    "AWS::IAM::ManagedPolicy": {
        "ManagedPolicyName": "proof",
        "Path": "/team/",
        "Description": "a policy",
        "PolicyDocument": POLICY,
        "Roles": [{"Ref": "Role"}],
    },
    "AWS::IAM::Policy": {"PolicyName": "more", "PolicyDocument": POLICY, "Roles": [{"Ref": "Role"}]},
    "AWS::IAM::Role": {
        "RoleName": "proof-role",
        "Path": "/team/",
        "Description": "a role",
        "MaxSessionDuration": 7200,
        "AssumeRolePolicyDocument": TRUST,
        "ManagedPolicyArns": [ADMINISTRATOR],
        "PermissionsBoundary": ADMINISTRATOR,
        "Policies": [{"PolicyName": "own", "PolicyDocument": POLICY}],
        "Tags": TAGS,
    },
    "AWS::Lambda::Alias": {
        "FunctionName": {"Ref": "Function"},
        "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
        "Name": "live",
        "Description": "an alias",
    },
    "AWS::Lambda::EventInvokeConfig": {
        "FunctionName": {"Ref": "Function"},
        "Qualifier": "live",
        "MaximumRetryAttempts": 1,
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}},
    },
    "AWS::Lambda::Function": {
        "FunctionName": "proof",
        "Description": "a function",
        "Code": {"S3Bucket": "localcloud-build", "S3Key": "FOLDER", "S3ObjectVersion": "1"},
        "Handler": "a.handler",
        "Runtime": "python3.11",
        "Architectures": ["arm64"],
        "MemorySize": 512,
        "Timeout": 7,
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"A": "b"}},
        "LoggingConfig": {"LogGroup": {"Ref": "LogGroup"}},
        "Tags": TAGS,
    },
    "AWS::Lambda::Permission": {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Alias"},
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p",
        "SourceAccount": ACCOUNT,
    },
    "AWS::Lambda::Version": {"FunctionName": {"Ref": "Function"}, "Description": "a version"},
    "AWS::Logs::LogGroup": {"LogGroupName": "/proof", "RetentionInDays": 7, "Tags": TAGS},
    "AWS::S3::Bucket": {
        "BucketName": "proof-bucket",
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": False,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": False,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
        "CorsConfiguration": {
            "CorsRules": [
                {
                    "AllowedOrigins": ["https://a.example"],
                    "AllowedMethods": ["PUT"],
                    "AllowedHeaders": ["*"],
                    "ExposedHeaders": ["ETag"],
                    "MaxAge": 60,
                }
            ]
        },
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "abort",
                    "Status": "Enabled",
                    "Prefix": "private/",
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
        "Tags": TAGS,
    },
    "AWS::S3::BucketPolicy": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": BUCKET_POLICY},
    "AWS::SQS::Queue": {
        "QueueName": "proof",
        "MessageRetentionPeriod": 600,
        "VisibilityTimeout": 20,
        "SqsManagedSseEnabled": False,
        "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}, "maxReceiveCount": 3},
        "Tags": TAGS,
    },
    "AWS::SQS::QueuePolicy": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": QUEUE_POLICY},
}

CHANGES: dict[str, dict[str, Any]] = {
    "AWS::ApiGatewayV2::Api": {"Description": "other", "CorsConfiguration": None, "Tags": {"a": "c"}},
    "AWS::ApiGatewayV2::Authorizer": {"JwtConfiguration": {"Issuer": "https://issuer.example", "Audience": ["x", "y"]}},
    "AWS::ApiGatewayV2::Route": {
        "AuthorizationType": "AWS_IAM",
        "AuthorizerId": None,
        "AuthorizationScopes": None,
    },
    "AWS::ApiGatewayV2::Stage": {"Description": "other", "Tags": None},
    "AWS::DynamoDB::Table": {
        "DeletionProtectionEnabled": False,
        "PointInTimeRecoverySpecification": None,
        "TimeToLiveSpecification": None,
        "Tags": None,
    },
    "AWS::Events::Rule": {
        "Description": None,
        "EventPattern": {"source": ["other"]},
        "State": "DISABLED",
        "Targets": [{"Id": "other", "Arn": DEAD_LETTERS}],
    },
    "AWS::IAM::ManagedPolicy": {"PolicyDocument": OTHER_POLICY, "Roles": None},
    "AWS::IAM::Policy": {"PolicyDocument": OTHER_POLICY},
    "AWS::IAM::Role": {
        "Description": "other",
        "ManagedPolicyArns": None,
        "PermissionsBoundary": None,
        "Policies": None,
        "Tags": [{"Key": "a", "Value": "c"}],
    },
    "AWS::Lambda::Alias": {"Description": "other"},
    "AWS::Lambda::EventInvokeConfig": {
        "MaximumRetryAttempts": 0,
        "DestinationConfig": {"OnFailure": {"Destination": DEAD_LETTERS}},
    },
    "AWS::Lambda::Function": {
        "Timeout": 9,
        "Environment": {"Variables": {"A": "c"}},
        "Tags": [{"Key": "c", "Value": "d"}],
    },
    "AWS::Lambda::Permission": {"SourceArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/other"},
    "AWS::Logs::LogGroup": {"RetentionInDays": 14, "Tags": None},
    "AWS::S3::Bucket": {
        "PublicAccessBlockConfiguration": None,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "CorsConfiguration": None,
        "LifecycleConfiguration": None,
        "Tags": None,
    },
    "AWS::S3::BucketPolicy": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{**GUARD, "Sid": "New"}]}},
    "AWS::SQS::Queue": {
        "VisibilityTimeout": 40,
        "MessageRetentionPeriod": 1200,
        "SqsManagedSseEnabled": True,
        "RedrivePolicy": None,
        "Tags": None,
    },
    "AWS::SQS::QueuePolicy": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{**SENDER, "Sid": "New"}]}},
}
