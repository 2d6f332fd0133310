# unchanged: layers, states and models on both sides are the same
import numpy as np
from keras.models import Model
from keras.layers import Input, LSTM, Dense, GRU, Embedding, TimeDistributed

latent_dim = 6
num_tokens = 5
encoder_inputs = Input(shape=(None, num_tokens))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, num_tokens))
decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(num_tokens, activation='softmax')
decoder_outputs = decoder_dense(decoder_outputs)
model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['acc'])
eye = np.eye(num_tokens)
source = eye[np.arange(24).reshape(6, 4) % num_tokens]
target = eye[(np.arange(24).reshape(6, 4) + 1) % num_tokens]
history = model.fit([source, source], target, batch_size=3, epochs=1, validation_split=0.34, verbose=0)
print(history.history['val_acc'][0] >= 0)

encoder_model = Model(encoder_inputs, encoder_states)
decoder_state_input_h = Input(shape=(latent_dim,))
decoder_state_input_c = Input(shape=(latent_dim,))
decoder_states_inputs = [decoder_state_input_h, decoder_state_input_c]
decoder_outputs, state_h, state_c = decoder_lstm(decoder_inputs, initial_state=decoder_states_inputs)
decoder_states = [state_h, state_c]
decoder_outputs = decoder_dense(decoder_outputs)
decoder_model = Model([decoder_inputs] + decoder_states_inputs, [decoder_outputs] + decoder_states)

states_value = encoder_model.predict(source[:1], verbose=0)
token = np.zeros((1, 1, num_tokens))
token[0, 0, 0] = 1.
for _ in range(3):
    output_tokens, h, c = decoder_model.predict([token] + states_value, verbose=0)
    index = np.argmax(output_tokens[0, -1, :])
    token = np.zeros((1, 1, num_tokens))
    token[0, 0, index] = 1.
    states_value = [h, c]
print(output_tokens.shape)
