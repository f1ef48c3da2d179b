"""What a team can know of its access rules before they go live.

`lint` finds known traps in templates and live stacks; `prove` tries the rules out on a throw-away local cloud.
"""
