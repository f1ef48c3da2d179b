"""Who has to wait: request rates of the account and of one user, and the lock-out after wrong guesses."""
