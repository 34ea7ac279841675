"""The hand-written half of `ocpi211`: what the generated models, clients and routes call.

Import what you need from its modules; the generated package re-exports what an application normally wants.
"""
