"""Whether the helpdesk can answer now, and if not, why and when it will."""
