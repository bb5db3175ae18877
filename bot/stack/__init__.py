"""Rasa and the action server: prepared, started, watched, restarted and stopped together.

``bot.stack.stack.Stack`` is the whole of it; importing this package alone costs nothing.
"""
