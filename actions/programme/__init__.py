"""The programme: its facts, its calls for projects, and the aid they give. Pure core."""
