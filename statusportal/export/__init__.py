"""What somebody may take with them: the rows of a device, a person or an organisation, as tables in many formats.

It reads rooms and writes none of them; who may take what is asked anew for every piece that is read.
"""
