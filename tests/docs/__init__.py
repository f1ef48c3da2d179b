"""The documentation, taken at its word: every block is run or checked, every link followed, every name looked up."""
