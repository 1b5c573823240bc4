"""An alliance’s own pages: its facts, its forces in their order, its members and its measures."""
