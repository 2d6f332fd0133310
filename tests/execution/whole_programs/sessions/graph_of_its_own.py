# unchanged: a graph of TensorFlow's own, beside a model of Keras

import numpy as np
import tensorflow as tf
from tensorflow.compat.v1 import Session, placeholder

from keras.layers import Dense
from keras.models import Sequential

graph = tf.Graph()
with graph.as_default():
    x = placeholder(tf.float32, shape=(None, 2))
    y = tf.reduce_sum(x * x, axis=1)
with Session(graph=graph) as session:
    lengths = session.run(y, feed_dict={x: np.array([[3.0, 4.0], [1.0, 0.0]])})

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer="ones")])
print(lengths.tolist(), model.predict(np.ones((1, 2)), verbose=0).tolist())
