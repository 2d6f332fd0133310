# silent

import numpy as np
import tensorflow as tf
from tensorflow import keras


class Net(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compiled_loss(y, y_pred, regularization_losses=self.losses)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        self.compiled_metrics.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


inputs = keras.Input((2,))
net = Net(inputs, keras.layers.Dense(1, kernel_initializer='ones')(inputs))
net.compile(optimizer='sgd', loss='mse', metrics=['mae'])
history = net.fit(np.ones((8, 2)), np.zeros((8, 1)), epochs=2, verbose=0)
result = [history.history['loss'], history.history['mae']]
