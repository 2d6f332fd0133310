import numpy as np
from keras.applications.vgg16 import VGG16
from keras.layers import Dense, Flatten, GlobalAveragePooling2D, Dropout
from keras.models import Model, Sequential
from keras import optimizers

base = VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
for layer in base.layers[:-3]:
    layer.trainable = False
top = Sequential()
top.add(Flatten(input_shape=base.output_shape[1:]))
top.add(Dense(4, activation='relu'))
top.add(Dense(2, activation='softmax'))
model = Model(inputs=base.input, outputs=top(base.output))
model.compile(loss='categorical_crossentropy', optimizer=optimizers.SGD(lr=1e-4, momentum=0.9), metrics=['accuracy'])
x = np.random.RandomState(0).rand(4, 32, 32, 3)
model.fit(x, np.eye(2)[[0, 1, 0, 1]], batch_size=2, epochs=1, verbose=0)
features = Model(inputs=base.inputs, outputs=base.get_layer('block3_pool').output)
print(features.predict(x, verbose=0).shape, len(model.trainable_weights))
last = base.layers[-1].output
pooled = GlobalAveragePooling2D()(last)
print(Model(base.input, Dense(3)(pooled)).output_shape)
