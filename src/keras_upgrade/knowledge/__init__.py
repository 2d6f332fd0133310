"""Facts about Keras 2 and Keras 3, as tables. No logic beyond looking them up."""
