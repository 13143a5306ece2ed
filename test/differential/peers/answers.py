"""Asks for each path that it is given on standard input, with http.client, and writes what it read as a line."""

import base64
import http.client
import json
import sys


def ask(connection, method, path):
    try:
        connection.request(method, path)
        response = connection.getresponse()
        read = {"status": response.status, "body": "", "error": ""}
        try:
            read["body"] = base64.b64encode(response.read()).decode()
        except Exception as error:
            read["error"] = repr(error)
        return read
    except Exception as error:
        return {"status": 0, "body": "", "error": repr(error)}


for line in sys.stdin:
    address, method, path = line.split()
    connection = http.client.HTTPConnection(address, timeout=3)
    read = ask(connection, method, path)
    after = ask(connection, "GET", "/after")
    connection.close()
    read["after"] = after["body"]
    print(json.dumps(read), flush=True)
