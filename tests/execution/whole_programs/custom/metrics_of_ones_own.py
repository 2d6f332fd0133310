import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K


class CategoricalTruePositives(keras.metrics.Metric):
    def __init__(self, name="categorical_true_positives", **kwargs):
        super(CategoricalTruePositives, self).__init__(name=name, **kwargs)
        self.true_positives = self.add_weight(name="ctp", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = tf.reshape(tf.argmax(y_pred, axis=1), shape=(-1, 1))
        values = tf.cast(y_true, "int32") == tf.cast(y_pred, "int32")
        values = tf.cast(values, "float32")
        if sample_weight is not None:
            sample_weight = tf.cast(sample_weight, "float32")
            values = tf.multiply(values, sample_weight)
        self.true_positives.assign_add(tf.reduce_sum(values))

    def result(self):
        return self.true_positives

    def reset_states(self):
        # The state of the metric will be reset at the start of each epoch.
        self.true_positives.assign(0.0)


class F1(tf.keras.metrics.Metric):
    def __init__(self, threshold=0.5, name="f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.precision = tf.keras.metrics.Precision(threshold)
        self.recall = tf.keras.metrics.Recall(threshold)

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.precision.update_state(y_true, y_pred, sample_weight)
        self.recall.update_state(y_true, y_pred, sample_weight)

    def result(self):
        p = self.precision.result()
        r = self.recall.result()
        return 2 * p * r / (p + r + K.epsilon())

    def reset_states(self):
        self.precision.reset_states()
        self.recall.reset_states()


class HuberMetric(keras.metrics.Metric):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(**kwargs)  # handles base args (e.g., dtype)
        self.threshold = threshold
        self.total = self.add_weight("total", initializer="zeros")
        self.count = self.add_weight("count", initializer="zeros")

    def huber_fn(self, y_true, y_pred):
        error = y_true - y_pred
        is_small_error = tf.abs(error) < self.threshold
        squared_loss = tf.square(error) / 2
        linear_loss = self.threshold * tf.abs(error) - self.threshold**2 / 2
        return tf.where(is_small_error, squared_loss, linear_loss)

    def update_state(self, y_true, y_pred, sample_weight=None):
        metric = self.huber_fn(y_true, y_pred)
        self.total.assign_add(tf.reduce_sum(metric))
        self.count.assign_add(tf.cast(tf.size(y_true), tf.float32))

    def result(self):
        return self.total / self.count

    def get_config(self):
        base_config = super().get_config()
        return {**base_config, "threshold": self.threshold}


def recall_m(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    possible_positives = K.sum(K.round(K.clip(y_true, 0, 1)))
    return true_positives / (possible_positives + K.epsilon())


r = np.random.RandomState(0)
x = r.rand(32, 4).astype("float32")
y = r.randint(0, 3, (32, 1))
model = keras.Sequential([keras.layers.Dense(3, activation="softmax", input_shape=(4,))])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=[CategoricalTruePositives()])
model.fit(x, y, epochs=2, verbose=0, shuffle=False)

yb = r.randint(0, 2, (32, 1))
binary = keras.Sequential([keras.layers.Dense(1, activation="sigmoid", input_shape=(4,))])
binary.compile("sgd", "binary_crossentropy", metrics=[F1(), recall_m])
binary.fit(x, yb, epochs=2, verbose=0, shuffle=False)

reg = keras.Sequential([keras.layers.Dense(1, input_shape=(4,))])
reg.compile("sgd", "mse", metrics=[HuberMetric(0.5)])
reg.fit(x, r.rand(32, 1).astype("float32"), epochs=2, verbose=0, shuffle=False)
print(reg.metrics_names)
m = HuberMetric(2.0)
print(float(m(tf.constant([[2.0]]), tf.constant([[10.0]]))))
m.reset_states()
print(float(m(tf.constant([[1.0]]), tf.constant([[1.5]]))))
