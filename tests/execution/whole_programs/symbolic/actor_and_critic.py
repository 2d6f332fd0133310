import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import Adam


class A2CAgent:
    def __init__(self, state_size, action_size):
        self.state_size = state_size
        self.action_size = action_size
        self.actor_lr = 0.01
        self.critic_lr = 0.02

        self.actor, self.critic = self.build_model()
        # method for training actor and critic network
        self.optimizer = [self.actor_optimizer(), self.critic_optimizer()]

    # actor and critic share their first layer
    def build_model(self):
        state = Input(batch_shape=(None, self.state_size))
        shared = Dense(6, input_dim=self.state_size, activation='relu', kernel_initializer='ones')(state)
        action_prob = Dense(self.action_size, activation='softmax', kernel_initializer='ones')(shared)
        state_value = Dense(1, activation='linear', kernel_initializer='ones')(shared)
        actor = Model(inputs=state, outputs=action_prob)
        critic = Model(inputs=state, outputs=state_value)
        actor._make_predict_function()
        critic._make_predict_function()
        return actor, critic

    # make loss function for Policy Gradient
    # [log(action probability) * advantages] will be input for the back prop
    # we add entropy of action probability to loss
    def actor_optimizer(self):
        action = K.placeholder(shape=(None, self.action_size))
        advantages = K.placeholder(shape=(None, ))

        policy = self.actor.output

        good_prob = K.sum(action * policy, axis=1)
        eligibility = K.log(good_prob + 1e-10) * K.stop_gradient(advantages)
        loss = -K.sum(eligibility)

        entropy = K.sum(policy * K.log(policy + 1e-10), axis=1)

        actor_loss = loss + 0.01*entropy

        optimizer = Adam(lr=self.actor_lr)
        updates = optimizer.get_updates(self.actor.trainable_weights, [], actor_loss)
        train = K.function([self.actor.input, action, advantages], [], updates=updates)
        return train

    # make loss function for Value approximation
    def critic_optimizer(self):
        discounted_reward = K.placeholder(shape=(None, ))

        value = self.critic.output

        loss = K.mean(K.square(discounted_reward - value))

        optimizer = Adam(lr=self.critic_lr)
        updates = optimizer.get_updates(self.critic.trainable_weights, [], loss)
        train = K.function([self.critic.input, discounted_reward], [], updates=updates)
        return train

    def train_episode(self, states, actions, rewards):
        values = self.critic.predict(states, verbose=0)
        values = np.reshape(values, len(values))
        advantages = rewards - values
        self.optimizer[0]([states, actions, advantages])
        self.optimizer[1]([states, rewards])


agent = A2CAgent(3, 2)
r = np.random.RandomState(0)
states = r.rand(5, 3)
actions = np.eye(2)[[0, 1, 1, 0, 1]]
for episode in range(3):
    agent.train_episode(states, actions, np.arange(5.0))
    print(episode, agent.actor.predict(states, verbose=0)[0].round(4).tolist(), agent.critic.predict(states, verbose=0)[0].round(4).tolist())
