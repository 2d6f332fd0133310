import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential([Dense(4, activation="relu", input_shape=(3,)), Dense(1)])
model.compile(optimizer="sgd", loss="mse", metrics=["mae"])

rs = np.random.RandomState(0)
x, y = rs.rand(40, 3), rs.rand(40, 1)
for epoch in range(2):
    results = []
    for start in range(0, 40, 20):
        results.append(model.train_on_batch(x[start : start + 20], y[start : start + 20], reset_metrics=True))
    print("epoch", epoch, "loss %.4f mae %.4f" % tuple(np.mean(results, axis=0)))
result = model.test_on_batch(x, y, reset_metrics=True)
print("test %.4f" % dict(zip(model.metrics_names, result))["mae"])
