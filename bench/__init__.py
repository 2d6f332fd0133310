"""How fast the program is, beside others that rewrite or check Python: `make bench`."""
