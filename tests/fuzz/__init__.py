"""Random requests for every operation of user pools and identity pools: `make fuzz`."""
