"""Who calls, as whom, and whether they may: keys and role sessions, trust, conditions, decisions and refusals."""
