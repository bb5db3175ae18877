"""Agents in Telegram: a forum group, one topic a ticket."""
