"""The HTTP API for a signed-in user: one Lambda function behind API Gateway and its JWT authorizer.

`handler.py` routes; `routes/<noun>.py` holds the routes, and a new file there is all that a new route takes;
`caller.py` says who asks, and `step_up.py` whether they proved it lately; `body.py` and `fields.py` read what was sent;
`store.py`, `identity_map.py`, `recovery_codes.py` (AppDataTable), `devices.py` (the user pool), `identity_pool.py` and
`notices.py` do the work; `errors.py` is the one shape of every refusal. Everything is done for the `sub` of the access
token: no path, header or body can name another user. Tokens are verified by API Gateway, not here.
"""
