"""The Lambda functions that a user pool calls: one file for each trigger, named as AWS names it.

Each file ends in `handler(event, context)`, which fills in `event["response"]` and returns the whole event. Shared:
`trigger.py` (the steps no handler may forget), `errors.py` (`deny`), `profile.py` and `devices.py` (a user's items
in AppDataTable: pk `USER#<sub>`, sk `PROFILE` or `DEVICE#<key>`), `aws.py` (clients),
`timestamps.py`, `messages/` (texts).

Every handler may run twice for one event, because AWS may retry a trigger that timed out: nothing may happen twice.
Owns no HTTP route (`api/`) and talks to no client of the user pool (`auth/`).
"""
