"""Renderings of findings, one file per format."""
