"""How the web process meets the world: requests read to their end, then answered by a few threads."""
