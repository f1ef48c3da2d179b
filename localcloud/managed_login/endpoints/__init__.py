"""One file for each path of a domain, with a function `get`, `post` or both: a LoginRequest in, an Answer out."""
