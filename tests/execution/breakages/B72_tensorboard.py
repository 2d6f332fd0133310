# error: TypeError: TensorBoard.__init__() got an unexpected keyword argument 'write_grads'
# error: TypeError: TensorBoard.__init__() got an unexpected keyword argument 'batch_size'

from keras.callbacks import TensorBoard
call = TensorBoard(log_dir='logs', histogram_freq=0, batch_size=32, write_graph=True, write_grads=False, write_images=False, embeddings_freq=0, embeddings_layer_names=None, embeddings_metadata=None)
result = call.histogram_freq
