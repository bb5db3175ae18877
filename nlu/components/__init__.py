"""Custom Rasa components of the understanding pipeline."""
