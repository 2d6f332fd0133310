import numpy as np
import tensorflow as tf
import keras.backend as K
from keras.layers import Concatenate, Dense, Input
from keras.models import Model
from keras.optimizers import Adam


class Actor:
    """Actor Network for the DDPG Algorithm"""

    def __init__(self, inp_dim, out_dim, lr, tau):
        self.env_dim = inp_dim
        self.act_dim = out_dim
        self.tau, self.lr = tau, lr
        self.model = self.network()
        self.target_model = self.network()
        self.adam_optimizer = self.optimizer()

    def network(self):
        inp = Input((self.env_dim,))
        x = Dense(6, activation='relu', kernel_initializer='ones')(inp)
        out = Dense(self.act_dim, activation='tanh', kernel_initializer='zeros')(x)
        return Model(inp, out)

    def predict(self, state):
        return self.model.predict(state, verbose=0)

    def transfer_weights(self):
        """Transfer model weights to target model with a factor of Tau"""
        W, target_W = self.model.get_weights(), self.target_model.get_weights()
        for i in range(len(W)):
            target_W[i] = self.tau * W[i] + (1 - self.tau) * target_W[i]
        self.target_model.set_weights(target_W)

    def train(self, states, actions, grads):
        self.adam_optimizer([states, grads])

    def optimizer(self):
        """Actor Optimizer"""
        action_gdts = K.placeholder(shape=(None, self.act_dim))
        params_grad = tf.gradients(self.model.output, self.model.trainable_weights, -action_gdts)
        grads = zip(params_grad, self.model.trainable_weights)
        return K.function(inputs=[self.model.input, action_gdts], outputs=[], updates=[tf.train.AdamOptimizer(self.lr).apply_gradients(grads)])


class Critic:
    """Critic for the DDPG Algorithm, Q-Value function approximator"""

    def __init__(self, inp_dim, out_dim, lr, tau):
        self.env_dim = inp_dim
        self.act_dim = out_dim
        self.tau, self.lr = tau, lr
        self.model = self.network()
        self.target_model = self.network()
        self.model.compile(Adam(self.lr), 'mse')
        # Function to compute Q-value gradients (Actor Optimization)
        self.action_grads = K.function([self.model.input[0], self.model.input[1]],
                                       K.gradients(self.model.output, [self.model.input[1]]))

    def network(self):
        state = Input((self.env_dim,))
        action = Input((self.act_dim,))
        x = Dense(6, activation='relu', kernel_initializer='ones')(state)
        x = Concatenate()([x, action])
        out = Dense(1, activation='linear', kernel_initializer='ones')(x)
        return Model([state, action], out)

    def gradients(self, states, actions):
        """Compute Q-value gradients w.r.t. states and policy-actions"""
        return self.action_grads([states, actions])

    def train_on_batch(self, states, actions, critic_target):
        return self.model.train_on_batch([states, actions], critic_target)


r = np.random.RandomState(0)
actor, critic = Actor(3, 2, 0.01, 0.1), Critic(3, 2, 0.01, 0.1)
K.get_session().run(tf.global_variables_initializer())
states = r.rand(5, 3)
for step in range(3):
    actions = actor.predict(states)
    loss = critic.train_on_batch(states, actions, np.ones((5, 1)))
    grads = critic.gradients(states, actions)
    actor.train(states, actions, np.array(grads).reshape((-1, 2)))
    actor.transfer_weights()
    print(step, round(float(loss), 4), actor.predict(states)[0].round(4).tolist(), grads[0][0].round(4).tolist())
