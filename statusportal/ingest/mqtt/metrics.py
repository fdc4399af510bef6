"""What Prometheus sees of the listener: who is connected, who was let in, and what became of messages."""

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge("statusportal_mqtt_connections", "Machines that are signed in over MQTT.")
SIGN_INS = Counter("statusportal_mqtt_sign_ins", "Sign-ins over MQTT by what became of them.", ["outcome"])
MESSAGES = Counter("statusportal_mqtt_messages", "Messages over MQTT by what became of them.", ["outcome"])
WAITS = Counter("statusportal_mqtt_waits", "Times that messages waited because the store took nothing.")
CUTS = Counter("statusportal_mqtt_cuts", "Connections that the portal ended, by the reason.", ["reason"])
