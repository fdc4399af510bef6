"""A takeout: everything of a person or of an organisation in one file, asked for, made by a job, and fetched.

What a device's part of it holds is the export's business; who gets data continuously is the forwarding's.
"""
