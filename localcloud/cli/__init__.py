"""Commands of `gatehouse` that need the local cloud; they join through the entry-point group `gatehouse.commands`.

The one part of `localcloud` that may import `auth`: a command is a user of both.
"""
