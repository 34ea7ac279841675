"""A CPO, a hub and an eMSP on this machine, and two charges from authorisation to CDR."""
