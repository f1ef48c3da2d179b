"""Managed login as people meet it: in a real browser, from an app's page to the app's page."""
