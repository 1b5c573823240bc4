"""The items of an alliance: the list, an item with its months and its history, and what changes one."""
