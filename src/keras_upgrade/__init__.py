"""Takes Keras 2 / TensorFlow 1.x-2.x programs to Keras 3."""

__version__ = "0.1.0"
