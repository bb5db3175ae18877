"""The actions that Rasa calls: read a turn, ask a core, say a meaning."""
