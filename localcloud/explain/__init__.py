"""`python -m localcloud explain`: why a call was refused, policy by policy, and what to do where a trap is known.

`report` turns a kept decision into plain values (the control endpoints serve them), `text` into lines; `hints` asks
IAM what would have been allowed instead; `command` asks a running local cloud and prints.
"""
