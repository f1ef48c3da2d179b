"""The samples, run as their readers run them."""
