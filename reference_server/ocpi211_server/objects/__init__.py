"""Objects of OCPI as they are kept, found, shown and passed on: once for all modules and roles."""
