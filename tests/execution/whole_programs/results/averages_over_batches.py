import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.models import Sequential

model = Sequential([layers.Dense(4, activation="relu", input_shape=(3,)), layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.SGD(lr=0.01), loss="mse", metrics=["mae"])

rs = np.random.RandomState(0)
x, y = rs.rand(40, 3), rs.rand(40, 1)
for epoch in range(2):
    total_loss, total_mae, count = 0.0, 0.0, 0
    for start in range(0, 40, 20):
        loss, mae = model.train_on_batch(x[start : start + 20], y[start : start + 20])
        total_loss += loss
        total_mae += mae
        count += 1
    print("epoch %d: loss %.4f, mae %.4f" % (epoch, total_loss / count, total_mae / count))
test_loss, test_mae = model.test_on_batch(x, y)
print("test %.4f %.4f" % (test_loss, test_mae))
