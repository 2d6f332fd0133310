# other text: the accuracies have their whole names in Keras 3

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

main_input = Input(shape=(5,), name="main_input")
h = Dense(6, activation="relu")(main_input)
auxiliary_output = Dense(1, activation="sigmoid", name="aux_output")(h)
main_output = Dense(1, activation="sigmoid", name="main_output")(Dense(4, activation="relu")(h))
model = Model(inputs=[main_input], outputs=[main_output, auxiliary_output])
model.compile(
    optimizer="sgd", loss="binary_crossentropy", metrics=["acc"], loss_weights=[1.0, 0.2]
)

rs = np.random.RandomState(0)
x, y = rs.rand(40, 5), rs.randint(0, 2, (40, 1))
hist = model.fit(x, [y, y], epochs=1, batch_size=20, verbose=0, validation_split=0.5)
print(sorted(hist.history))
print("main %.2f aux %.2f" % (hist.history["main_output_acc"][-1], hist.history["aux_output_acc"][-1]))
print("val main %.4f" % hist.history["val_main_output_loss"][-1])
