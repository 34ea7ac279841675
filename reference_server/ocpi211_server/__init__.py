"""The reference server: a CPO, an eMSP or a hub on the generated code, to run, to read, and to test against."""
