"""In Jupyter and IPython: `%keras_upgrade` checks the notebook so far, `%%keras3` shows one cell migrated.

Only `magics` imports IPython, which is there where it is used.
"""
