# no calls: the session is all that computes; the numbers are printed

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model


def build_policy(n_inputs, n_actions):
    state = Input(shape=(n_inputs,))
    hidden = Dense(5, activation="tanh", kernel_initializer="ones")(state)
    return Model(state, Dense(n_actions, activation="softmax", kernel_initializer="identity")(hidden))


def train(steps=3, learning_rate=0.01):
    policy = build_policy(3, 2)
    actions = tf.placeholder(tf.float32, [None, 2])
    rewards = tf.placeholder(tf.float32, [None])

    # the probability of what was done
    chosen = tf.reduce_sum(policy.output * actions, axis=1)
    loss = -tf.reduce_mean(tf.log(chosen) * rewards)
    train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss, var_list=policy.trainable_weights)

    with tf.Session() as sess:
        K.set_session(sess)
        sess.run(tf.global_variables_initializer())
        states = np.arange(12.0).reshape(4, 3) / 12
        for step in range(steps):
            # how it does now
            before = sess.run(loss, feed_dict={policy.input: states, actions: np.eye(2)[[0, 1, 1, 0]],
                                               rewards: np.ones(4)})
            sess.run(train_op, feed_dict={policy.input: states, actions: np.eye(2)[[0, 1, 1, 0]],
                                          rewards: np.ones(4)})
            print("step %d: %.5f" % (step, before))


train()
