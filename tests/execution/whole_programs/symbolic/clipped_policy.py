import numpy as np
import keras.backend as K
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import Adam


class PPO:
    def __init__(self, n_state, n_action):
        self.n_state, self.n_action = n_state, n_action
        state = Input((n_state,))
        h = Dense(4, activation='tanh', kernel_initializer='ones')(state)
        self.actor = Model(state, Dense(n_action, activation='softmax', kernel_initializer='identity')(h))
        self.update = self._make_update(clip=0.2)

    def _make_update(self, clip):
        advantage = K.placeholder(shape=(None,))
        old = K.placeholder(shape=(None, self.n_action))
        action = K.placeholder(shape=(None, self.n_action))
        new = self.actor.output
        new_prob = K.sum(action * new, axis=1)
        old_prob = K.sum(action * old, axis=1)
        ratio = new_prob / (old_prob + 1e-10)
        clipped = K.clip(ratio, 1 - clip, 1 + clip)
        loss = -K.mean(K.minimum(ratio * advantage, clipped * advantage))
        opt = Adam(lr=0.01)
        updates = opt.get_updates(self.actor.trainable_weights, [], loss)
        return K.function([self.actor.input, old, action, advantage], [loss], updates)

    def learn(self, states, actions, advantages, epochs=2):
        old = self.actor.predict(states, verbose=0)
        for _ in range(epochs):
            loss = self.update([states, old, actions, advantages])[0]
        return loss


agent = PPO(3, 2)
states = np.arange(12.0).reshape(4, 3) / 12
for i in range(3):
    print(round(float(agent.learn(states, np.eye(2)[[0, 1, 1, 0]], np.array([1., -1., .5, .2]))), 5))
