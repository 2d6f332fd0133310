"""What a program means: which API a name is, what kind of value an expression has, which models exist."""
