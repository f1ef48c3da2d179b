"""One file for each `grant_type` of the token endpoint."""
