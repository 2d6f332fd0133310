import numpy as np
from keras.layers import Input, Dense, LSTM, concatenate
from keras.models import Model

tweet_a = Input(shape=(5, 3))
tweet_b = Input(shape=(5, 3))
shared_lstm = LSTM(4)
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)
merged_vector = concatenate([encoded_a, encoded_b], axis=-1)
predictions = Dense(1, activation='sigmoid')(merged_vector)
model = Model(inputs=[tweet_a, tweet_b], outputs=predictions)
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
x = np.arange(60.).reshape(4, 5, 3) / 60
model.fit([x, x[::-1]], np.array([0, 1, 0, 1]), epochs=1, verbose=0)
second = Model(tweet_b, shared_lstm.get_output_at(1))
print(second.predict(x, verbose=0).shape, shared_lstm.get_input_shape_at(0)[1:])
print([layer.__class__.__name__ for layer in model.layers])
