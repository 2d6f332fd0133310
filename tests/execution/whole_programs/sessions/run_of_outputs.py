# no calls: the session is all that computes; the numbers are printed

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Dropout, Input
from keras.models import Model

image = Input(shape=(4,))
hidden = Dense(3, activation="tanh", name="hidden")(image)
dropped = Dropout(0.5)(hidden)
model = Model(image, Dense(2, activation="softmax")(dropped))

sess = K.get_session()
sess.run(tf.global_variables_initializer())
model.set_weights([np.linspace(-0.5, 0.7, w.size).reshape(w.shape) for w in model.get_weights()])
batch = np.arange(8.0).reshape(2, 4) / 8

# what the model gives
prediction = sess.run(model.output, feed_dict={model.input: batch, K.learning_phase(): 0})
print(prediction.round(4).tolist())

features, scores = sess.run([model.get_layer("hidden").output, model.output],
                            feed_dict={model.input: batch, K.learning_phase(): 0})
print(features.round(4).tolist(), scores.round(4).tolist())

with K.get_session() as session:
    for row in batch:
        out = session.run([model.output], feed_dict={model.input: [row], K.learning_phase(): False})
        print(out[0].round(4).tolist())
