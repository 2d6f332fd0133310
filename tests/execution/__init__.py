"""Running programs on Keras 2 and on Keras 3: the harness and the tests that need it."""
