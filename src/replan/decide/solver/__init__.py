"""One plan for each debt of a household, chosen together and proved best."""
