"""A small package whose modules get Keras from one place."""
from .models import build_model
from .layers import Scale

__all__ = ['build_model', 'Scale']
