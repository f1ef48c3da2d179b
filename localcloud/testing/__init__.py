"""The pytest plugin: a local cloud for each test run, people who use it, and assertions about what IAM lets them do.

`plugin` has the fixtures, `environment` finds or makes the Python that runs the local cloud, `people` makes users and
guests, `asserting` decides what a call came to and explains it.
"""
