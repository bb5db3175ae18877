"""Agents in a browser: server-rendered pages that update themselves."""
