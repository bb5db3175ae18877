"""The Rasa assistant, alone in its environment: understanding and dialogue, no facts."""
