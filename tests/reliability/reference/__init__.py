"""What DeskSCIM must do, told a second time: a small model in memory, written from the rules R13 to R39.

It imports nothing of the product. Contacts, addresses, tickets and the timeline are plain data; every write
is a function that makes the next state, or raises `Refused`. tests/reliability/test_reference_model.py leads
the product and the model through the same steps and compares them.
"""
