"""AWS on a laptop: deploys `cloudformation/backend.yaml` and runs its handlers under their own IAM roles.

Owns Cognito user pools and identity pools, IAM decisions, request signatures and the running of Lambda functions.
Takes S3, DynamoDB, API Gateway, CloudFormation and the rest from one pinned engine (`aws/engine.py`).
Imports nothing of `auth`, `triggers` or `api`: it reads the template and runs what that names.
"""
