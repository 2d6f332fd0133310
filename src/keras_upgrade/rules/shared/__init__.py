"""What several rules share about one kind of code: classes of the user's, sessions, TensorFlow code, modules that moved."""
