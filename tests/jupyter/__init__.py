"""The magics in sessions of IPython and Jupyter."""
