# no calls: the session is all that computes; the numbers are printed

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Dropout
from keras.losses import categorical_crossentropy
from keras.models import Sequential

sess = tf.Session()
K.set_session(sess)

# this placeholder will contain our input digits, as flat vectors
img = tf.placeholder(tf.float32, shape=(None, 6))
labels = tf.placeholder(tf.float32, shape=(None, 3))

net = Sequential([
    Dense(4, activation="relu", input_shape=(6,), kernel_initializer="ones"),
    Dropout(0.0),
    Dense(3, activation="softmax", kernel_initializer="identity"),
])
preds = net(img)

loss = tf.reduce_mean(categorical_crossentropy(labels, preds))
optimizer = tf.train.GradientDescentOptimizer(0.1)
train_step = optimizer.minimize(loss)

correct = tf.equal(tf.argmax(preds, 1), tf.argmax(labels, 1))
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

# Initialize all variables
init_op = tf.global_variables_initializer()
sess.run(init_op)

r = np.random.RandomState(0)
images, digits = r.rand(20, 6), np.eye(3)[r.randint(0, 3, 20)]

# Run training loop
with sess.as_default():
    for i in range(4):
        train_step.run(feed_dict={img: images[i * 5:i * 5 + 5],
                                  labels: digits[i * 5:i * 5 + 5],
                                  K.learning_phase(): 1})

with sess.as_default():
    print(loss.eval(feed_dict={img: images, labels: digits, K.learning_phase(): 0}))
    print(accuracy.eval(feed_dict={img: images, labels: digits}))
