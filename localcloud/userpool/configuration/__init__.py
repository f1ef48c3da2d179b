"""What pools, app clients and domains are told to be: what is honoured, AWS's defaults, what must fit together."""
