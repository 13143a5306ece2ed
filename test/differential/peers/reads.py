"""Says in a field of each answer what gunicorn read."""

import base64
import json


def app(environ, start_response):
    read = {
        "method": environ["REQUEST_METHOD"],
        "target": environ["RAW_URI"],
        "host": environ.get("HTTP_HOST", ""),
        "body": base64.b64encode(environ["wsgi.input"].read()).decode(),
    }
    field = base64.b64encode(json.dumps(read).encode()).decode()
    start_response("200 OK", [("X-Read", field), ("Content-Length", "0")])
    return [b""]
