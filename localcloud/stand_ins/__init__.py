"""Google, Facebook and a company's SAML provider without the Internet: real keys, real signatures, anybody's user.

Owns what these three answer and the page on which one says who one is. Does not own the check of what they answer: the
rest of the local cloud reaches them by their addresses alone, as it would the real ones.

    door.py ─► google.py, facebook.py, saml.py ─► page.py (who are you?)
                      └─► keys.py, codes.py (kept in the data folder)
"""
