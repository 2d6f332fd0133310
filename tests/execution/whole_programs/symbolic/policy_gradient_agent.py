import numpy as np
from keras import backend as K
from keras import layers, optimizers, utils
from keras.models import Model


class Agent(object):
    def __init__(self, input_dim, output_dim, hidden_dims=[6, 6]):
        """Gym Playing Agent"""
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.__build_network(input_dim, output_dim, hidden_dims)
        self.__build_train_fn()

    def __build_network(self, input_dim, output_dim, hidden_dims):
        """Create a base network"""
        self.X = layers.Input(shape=(input_dim,))
        net = self.X
        for h_dim in hidden_dims:
            net = layers.Dense(h_dim)(net)
            net = layers.Activation("relu")(net)
        net = layers.Dense(output_dim)(net)
        net = layers.Activation("softmax")(net)
        self.model = Model(inputs=self.X, outputs=net)

    def __build_train_fn(self):
        """Create a train function

        It replaces `model.fit(X, y)` because we use the output of model and use it for training.
        """
        action_prob_placeholder = self.model.output
        action_onehot_placeholder = K.placeholder(shape=(None, self.output_dim),
                                                  name="action_onehot")
        discount_reward_placeholder = K.placeholder(shape=(None,),
                                                    name="discount_reward")

        action_prob = K.sum(action_prob_placeholder * action_onehot_placeholder, axis=1)
        log_action_prob = K.log(action_prob)

        loss = - log_action_prob * discount_reward_placeholder
        loss = K.mean(loss)

        adam = optimizers.Adam()

        updates = adam.get_updates(params=self.model.trainable_weights,
                                   # constraints=[],
                                   loss=loss)

        self.train_fn = K.function(inputs=[self.model.input,
                                           action_onehot_placeholder,
                                           discount_reward_placeholder],
                                   outputs=[],
                                   updates=updates)

    def get_action(self, state):
        """Returns the most likely action at a given `state`"""
        shape = state.shape
        if len(shape) == 1:
            state = np.expand_dims(state, axis=0)
        action_prob = np.squeeze(self.model.predict(state, verbose=0))
        return np.argmax(action_prob)

    def fit(self, S, A, R):
        """Train a network"""
        action_onehot = utils.to_categorical(A, num_classes=self.output_dim)
        discount_reward = compute_discounted_R(R)
        self.train_fn([S, action_onehot, discount_reward])


def compute_discounted_R(R, discount_rate=.99):
    discounted_r = np.zeros_like(R, dtype=np.float32)
    running_add = 0
    for t in reversed(range(len(R))):
        running_add = running_add * discount_rate + R[t]
        discounted_r[t] = running_add
    discounted_r -= discounted_r.mean() / discounted_r.std()
    return discounted_r


agent = Agent(4, 3)
agent.model.set_weights([np.linspace(-0.4, 0.5, w.size).reshape(w.shape) for w in agent.model.get_weights()])
states = np.random.RandomState(0).rand(6, 4)
for episode in range(3):
    actions = np.array([agent.get_action(s) for s in states])
    agent.fit(states, actions, np.arange(6.0))
    print(episode, np.round(agent.model.predict(states[:1], verbose=0), 4).tolist())
