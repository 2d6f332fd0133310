"""Runs the example as a script of its own."""
import runpy
runpy.run_path('examples/train_digits.py', run_name='__main__')
