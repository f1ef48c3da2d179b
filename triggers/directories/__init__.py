"""Where users come from on their first sign-in: one file for each kind of older directory.

`find(username, password)` gives the attributes of the user whose password that is, and None for everybody else. Without
a password, as for a forgotten one, it gives those of the user of that name.
"""
