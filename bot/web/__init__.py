"""The web front-end: a page, and a button that a collectivité puts on its own pages."""
