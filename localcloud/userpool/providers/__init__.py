"""Sign-in with others: the identity providers of a pool, and whose user a provider's user is."""
