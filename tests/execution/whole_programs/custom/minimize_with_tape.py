import numpy as np
import tensorflow as tf


class Regressor(tf.keras.Model):
    def __init__(self, units=4):
        super().__init__()
        self.hidden = tf.keras.layers.Dense(units, activation="tanh")
        self.out = tf.keras.layers.Dense(1)
        self.loss_metric = tf.keras.metrics.Mean(name="train_loss")
        self.mae_metric = tf.keras.metrics.MeanAbsoluteError(name="train_mae")

    def call(self, x, training=None, mask=None):
        return self.out(self.hidden(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = tf.reduce_mean(tf.square(y - y_pred))
        self.optimizer.minimize(loss, self.trainable_variables, tape=tape)
        self.loss_metric.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    def predict_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        return 2.0 * self(x, training=False)

    @property
    def metrics(self):
        # reset at the start of each epoch
        return [self.loss_metric, self.mae_metric]


rng = np.random.RandomState(0)
x, y = rng.rand(32, 3).astype("float32"), rng.rand(32, 1).astype("float32")
model = Regressor()
model.compile(optimizer=tf.keras.optimizers.RMSprop(lr=0.01))
hist = model.fit(x, y, batch_size=8, epochs=3, verbose=0, shuffle=False)
print(list(hist.history))
print(model.predict(x[:4], verbose=0).shape)
