"""The grants of the token endpoint, one file each: `exchange(request, client) -> AuthenticationResultType`."""
