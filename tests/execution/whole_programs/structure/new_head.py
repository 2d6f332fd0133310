# unchanged: a Sequential takes layers off and on in either version
import numpy as np
from keras.models import Sequential
from keras.layers import Dense

model = Sequential([Dense(6, activation='relu', input_dim=4), Dense(5, activation='relu'), Dense(2)])
model.pop()
model.add(Dense(3, activation='softmax'))
for layer in model.layers[:-1]:
    layer.trainable = False
model.compile(loss='sparse_categorical_crossentropy', optimizer='sgd', metrics=['acc'])
x = np.linspace(0, 1, 40).reshape(10, 4)
model.fit(x, np.arange(10) % 3, epochs=1, verbose=0)
print([layer.trainable for layer in model.layers])
