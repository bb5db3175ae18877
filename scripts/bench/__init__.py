"""The assistant measured beside the engine it is built on: `make bench`."""
