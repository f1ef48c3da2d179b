"""Threat protection: what a pool does about the risk of a sign-in. Which risk it has, `assessments.py` is told."""
