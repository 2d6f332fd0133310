"""Keras for the whole package, standalone or from TensorFlow."""
import os

if os.environ.get('TF_KERAS') == '1':
    from tensorflow import keras
    from tensorflow.keras import backend as K
else:
    import keras
    from keras import backend as K

layers = keras.layers
Model = keras.models.Model
