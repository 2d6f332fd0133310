# error: ModuleNotFoundError: No module named 'tensorflow_addons'
# result: [0.10000000149011612, -1]

import tensorflow as tf
import tensorflow_addons as tfa
optimizer = tfa.optimizers.AdamW(weight_decay=0.01, learning_rate=0.1)
layer = tfa.layers.InstanceNormalization()
result = [float(optimizer.learning_rate), layer.axis]
