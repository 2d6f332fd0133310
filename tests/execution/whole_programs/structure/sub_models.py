# unchanged: models are layers of other models in either version
import numpy as np
from keras.layers import Input, Dense, LSTM, TimeDistributed, Conv2D, Flatten, GlobalAveragePooling2D
from keras.models import Model, Sequential

def frame_encoder(shape):
    inp = Input(shape=shape)
    x = Conv2D(4, 3, activation='relu')(inp)
    x = GlobalAveragePooling2D()(x)
    return Model(inp, x, name='frame_encoder')

cnn = frame_encoder((8, 8, 1))
video = Input(shape=(5, 8, 8, 1))
encoded = TimeDistributed(cnn)(video)
x = LSTM(6)(encoded)
out = Dense(2, activation='softmax')(x)
model = Model(video, out)
model.compile(optimizer='sgd', loss='categorical_crossentropy')
clips = np.arange(4 * 5 * 64.).reshape(4, 5, 8, 8, 1) / 1280
model.fit(clips, np.eye(2)[[0, 1, 0, 1]], epochs=1, verbose=0)
image = Input(shape=(8, 8, 1))
question = Input(shape=(3,))
joined = Dense(3)(cnn(image))
head = Sequential()
head.add(Dense(2, input_shape=(3,)))
vqa = Model([image, question], head(joined))
print(vqa.predict([clips[:, 0], np.ones((4, 3))], verbose=0).shape)
