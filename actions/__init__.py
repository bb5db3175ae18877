"""What the assistant knows and computes, and the action server that serves it to Rasa."""
