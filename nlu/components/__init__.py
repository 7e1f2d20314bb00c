"""Rasa graph components of the pipeline in `nlu/config.yml`, one a file."""
