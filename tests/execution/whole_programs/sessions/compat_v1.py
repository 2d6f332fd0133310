# other text: TensorFlow 1 tells about its variables on the way

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import BatchNormalization, Dense, Input
from tensorflow.keras.models import Model

tf.disable_v2_behavior()
tf.logging.set_verbosity(tf.logging.ERROR)

gpu_options = tf.GPUOptions(per_process_gpu_memory_fraction=0.333)
sess = tf.Session(config=tf.ConfigProto(gpu_options=gpu_options, allow_soft_placement=True))
K.set_session(sess)
K.set_learning_phase(0)

inputs = Input(shape=(2,))
x = Dense(3, kernel_initializer="ones")(inputs)
x = BatchNormalization()(x)
model = Model(inputs, Dense(1, kernel_initializer="ones")(x))
sess.run(tf.global_variables_initializer())
print(model.predict(np.ones((2, 2)), verbose=0).round(3).tolist())
