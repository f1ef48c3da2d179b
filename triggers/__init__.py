"""The Lambda functions that a user pool calls: one file for each trigger, named as AWS names it.

Each file ends in `handler(event, context)`, which fills in `event["response"]` and returns the whole event. Shared:
`trigger.py` (the steps no handler may forget), `errors.py` (`deny`), `profile.py` and `devices.py` (a user's items
in AppDataTable: pk `USER#<sub>`, sk `PROFILE` or `DEVICE#<key>`), `aws.py` (clients),
`timestamps.py`, `messages/` (texts), `mail.py` (what the functions themselves send), `device_limits.py`, `challenges/`
(sign-in without a password; AppDataTable: pk `SIGN_IN#<digest>`), `directories/` (where users come over from).
Of recovery codes: `recovery_codes.py` (AppDataTable: pk `RECOVERY#<sub>`), `password_proof.py`, `second_factor.py`.

Two are no triggers: `cut_off.py`, which EventBridge and administrators call, with `cut_off_register.py` (who was cut
off, in AppDataTable: pk `CUT_OFF`), `cut_off_policy.py` (the document that denies) and `role_policies.py` (IAM); and
`account_notice.py` (AppDataTable: pk `NOTICE#<sub>`), which triggers and the API call by `notices.py`.

Every handler may run twice for one event, because AWS may retry what timed out: nothing may happen twice.
Owns no HTTP route (`api/`) and talks to no client of the user pool (`auth/`).
"""
