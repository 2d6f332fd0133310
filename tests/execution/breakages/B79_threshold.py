# error: ValueError: Invalid value for argument `threshold`. Expected a value in interval (0, 1). Received: threshold=0
# advised: KU205

from tensorflow import keras
metric = keras.metrics.BinaryAccuracy(threshold=0)
