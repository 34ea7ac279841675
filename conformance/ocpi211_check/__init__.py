"""`ocpi211-check`: is this deployment of OCPI 2.1.1 right, and would GIREVE's hub take it?

Discovery, scripted scenarios, then drawn requests; a verdict for each requirement of the catalogue in
`spec/requirements`, with the exchange that shows it.
"""
