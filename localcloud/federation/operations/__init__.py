"""The operations of IAM on identity providers: `handle(ctx, request)` each, in the file that is named after it.

All other operations of IAM are the engine's.
"""
