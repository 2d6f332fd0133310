# error: ModuleNotFoundError: No module named 'keras.preprocessing.text'

from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer, text_to_word_sequence
tokens = Tokenizer(num_words=10)
tokens.fit_on_texts(['a b a', 'b c'])
result = [pad_sequences(tokens.texts_to_sequences(['a c']), maxlen=3).tolist(), text_to_word_sequence('A b!')]
