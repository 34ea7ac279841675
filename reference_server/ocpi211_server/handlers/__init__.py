"""What the server answers, a module a noun: written once, mounted for both roles."""
