"""Users and groups of a pool: who they are, what is known of them, and whether they may sign in."""
