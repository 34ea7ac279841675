"""Partners, their tokens, and how they register, change and leave (credentials.md)."""
