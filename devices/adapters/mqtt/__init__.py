"""MQTT 5 and 3.1.1, as a client of someone's broker, acknowledging only what is stored."""
