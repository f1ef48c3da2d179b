"""Users from CSV files: a job, the presigned URL that its file is sent to, and the run that makes users of its rows.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html
"""
