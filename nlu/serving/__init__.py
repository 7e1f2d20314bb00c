"""The thin server: Rasa's predict graph over HTTP, without TensorFlow."""
