"""The live channel: nudges over sockets, never data. It alone imports flask_socketio."""
