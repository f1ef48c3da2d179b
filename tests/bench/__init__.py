"""`make bench`: speed and size, as ratios against ministack with AUTH=true in the same run on the same machine.

Nothing here is a test: a machine's mood must not fail one. A figure is printed with its goal, and the exit code says
whether every goal was reached.
"""
