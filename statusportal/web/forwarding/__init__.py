"""Pages of forwarding: choosing who gets an organisation's data, and seeing how it goes."""
