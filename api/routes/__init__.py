"""The routes: one file for each noun, each with a `router`. `handler.py` finds them by itself.

A route reads `router.context["caller"]` (a `Caller`), raises `ApiError`, and returns a dict or a Response.
"""
