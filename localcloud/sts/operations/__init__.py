"""The API of STS: one file for each operation, under AWS's own name, with one `handle(ctx, request)`.

The pipeline has authenticated, authorised and validated each request before it comes here; an operation without a
file is refused by name.
"""
