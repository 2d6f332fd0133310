import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

inputs = Input(shape=(4,))
shared = Dense(6, activation="relu")(inputs)
price = Dense(1, name="price")(shared)
kind = Dense(3, activation="softmax", name="kind")(shared)
model = Model(inputs=inputs, outputs=[price, kind])
model.compile(
    optimizer=SGD(lr=0.05),
    loss={"price": "mse", "kind": "categorical_crossentropy"},
    metrics={"price": ["mae"], "kind": ["categorical_accuracy"]},
    loss_weights={"price": 0.5, "kind": 1.0},
)

rs = np.random.RandomState(0)
x = rs.rand(32, 4)
y_price, y_kind = rs.rand(32, 1), np.eye(3)[rs.randint(0, 3, 32)]

model.fit(x, {"price": y_price, "kind": y_kind}, epochs=1, batch_size=8, verbose=0)
loss, price_loss, kind_loss, price_mae, kind_acc = model.evaluate(x, [y_price, y_kind], verbose=0)
print("loss %.4f price %.4f kind %.4f" % (loss, price_loss, kind_loss))
print("mae %.4f accuracy %.4f" % (price_mae, kind_acc))

for step in range(2):
    scores = model.train_on_batch(x[:8], [y_price[:8], y_kind[:8]])
    print(step, scores[0], scores[1], scores[2], scores[3], scores[4])
