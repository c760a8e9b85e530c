"""Makes a list of XML-RPC calls with Python's own client and prints the answers as JSON.

Standard input: {"socket": path, "calls": [[method, [argument, ...]], ...]}. An argument {"$base64": text} becomes
binary data, {"$double": number} a float, {"$date": text} a date. Standard output: a list with, for each call, {"value": ...},
{"fault": [code, string]} or {"http": status}.
"""

import base64
import http.client
import json
import socket
import sys
import xmlrpc.client


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


class UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def make_connection(self, host):
        if self._connection and host == self._connection[0]:
            return self._connection[1]
        self._connection = host, UnixConnection(self.path)
        return self._connection[1]


def argument(value):
    if isinstance(value, dict) and "$base64" in value:
        return xmlrpc.client.Binary(base64.b64decode(value["$base64"]))
    if isinstance(value, dict) and "$double" in value:
        return float(value["$double"])
    if isinstance(value, dict) and "$date" in value:
        return xmlrpc.client.DateTime(value["$date"])
    return value


def answer(server, method, arguments):
    function = server
    for part in method.split("."):
        function = getattr(function, part)
    try:
        return {"value": function(*map(argument, arguments))}
    except xmlrpc.client.Fault as fault:
        return {"fault": [fault.faultCode, fault.faultString]}
    except xmlrpc.client.ProtocolError as error:
        return {"http": error.errcode}


def main():
    job = json.load(sys.stdin)
    server = xmlrpc.client.ServerProxy(
        "http://localhost/RPC2", transport=UnixTransport(job["socket"]), allow_none=True
    )
    json.dump([answer(server, method, arguments) for method, arguments in job["calls"]], sys.stdout)


main()
