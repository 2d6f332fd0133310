try:
    import keras
except ImportError:
    from tensorflow import keras
