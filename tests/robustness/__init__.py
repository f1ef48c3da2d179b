"""What the local cloud does with bad input, bad luck and bad intent: always one clear answer, never a changed state."""
