"""The one place that knows which Keras it is."""
import os

KERAS_NAME = os.environ.get('MY_KERAS', 'keras')

if os.environ.get('TF_KERAS', '0') == '1':
    from tensorflow.keras import backend as K
    from tensorflow.keras import layers
    from tensorflow.keras.models import Sequential
else:
    from keras import backend as K
    from keras import layers
    from keras.models import Sequential
