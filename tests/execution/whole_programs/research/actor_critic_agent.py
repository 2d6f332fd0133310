import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam


class Corridor:
    """A walk on a line; a reward waits at its right end."""

    def reset(self):
        self.place = 0.0
        return np.array([[self.place, 1.0]])

    def step(self, action):
        self.place += 0.5 if action else -0.5
        done = abs(self.place) >= 1.0
        return np.array([[self.place, 1.0]]), float(self.place > 0), done


class Agent:
    def __init__(self, state_size, action_size):
        self.state_size = state_size
        self.action_size = action_size
        self.value_size = 1
        self.discount_factor = 0.9
        self.actor = self.build_actor()
        self.critic = self.build_critic()

    def build_actor(self):
        actor = Sequential()
        actor.add(Dense(8, input_dim=self.state_size, activation='relu', kernel_initializer='ones'))
        actor.add(Dense(self.action_size, activation='softmax', kernel_initializer='zeros'))
        actor.compile(loss='categorical_crossentropy', optimizer=Adam(lr=0.01))
        return actor

    def build_critic(self):
        critic = Sequential()
        critic.add(Dense(8, input_dim=self.state_size, activation='tanh', kernel_initializer='ones'))
        critic.add(Dense(self.value_size, activation='linear', kernel_initializer='ones'))
        critic.compile(loss='mse', optimizer=Adam(lr=0.05))
        return critic

    # one step of both networks
    def train_model(self, state, action, reward, next_state, done):
        target = np.zeros((1, self.value_size))
        advantages = np.zeros((1, self.action_size))

        value = self.critic.predict(state)[0]
        next_value = self.critic.predict(next_state)[0]

        if done:
            advantages[0][action] = reward - value
            target[0][0] = reward
        else:
            advantages[0][action] = reward + self.discount_factor * (next_value) - value
            target[0][0] = reward + self.discount_factor * next_value

        self.actor.fit(state, advantages, epochs=1, verbose=0)
        self.critic.fit(state, target, epochs=1, verbose=0)


env = Corridor()
agent = Agent(2, 2)
for episode in range(2):
    state = env.reset()
    done = False
    while not done:
        next_state, reward, done = env.step(1 - episode)
        agent.train_model(state, 1 - episode, reward, next_state, done)
        state = next_state
print(agent.actor.predict(state))
