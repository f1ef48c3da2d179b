"""The rest of AWS: one engine from elsewhere behind one seam, and the deployment of the stack.

Owns how an authorised call reaches the engine (`engine.py`, `wire.py`), what of the engine's state outlives a kill
(`state.py`), what the deciding parts may know of deployed resources (`catalog.py`), running the stack (`stack.py`,
`template.py`), and refusing by name what it would drop in silence (`properties.py`, `resources/`).
Owns the Lambda runner as well (`functions.py`). Decides nothing: who may do what was decided before a call gets here.
"""
