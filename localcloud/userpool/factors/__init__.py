"""With what users prove who they are: passwords by SRP, codes, authenticator apps, passkeys, remembered devices."""
