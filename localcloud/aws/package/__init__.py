"""Builds the folder of each Lambda function that the template names: `python -m localcloud.aws.package`.

A folder holds the function's own modules, the locked packages that they need, compiled, and nothing else. The local
worker runs exactly this folder, so what is forgotten here fails here and not on AWS.

Owns what goes in: `template.py` which functions there are, `sources.py` which of our modules each imports,
`dependencies.py` the locked packages, `build.py` the folders. Does not own their deployment (`aws/stack.py`).
"""
