"""A client that opens WebSockets in streams of HTTP/2 (h2 and wsproto), and remembers what it sent and received."""

import base64
import socket
import ssl

import h2.config
import h2.connection
import h2.events
import h2.settings
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from tunnel import Tunnel


class StreamTunnel(Tunnel):
    def write(self, data, ends=False):
        self.sent += data
        while data:
            room = min(self.talker.http.local_flow_control_window(self.stream), self.talker.http.max_outbound_frame_size)
            if room == 0:
                self.talker.step()
                continue
            self.talker.http.send_data(self.stream, data[:room])
            data = data[room:]
        if ends:
            self.talker.http.end_stream(self.stream)
        self.talker.flush()

    def wait(self, count):
        """Until so many events of the socket came."""
        while len(self.messages) < count:
            if self.end:
                raise SystemExit(f"{self.path} ended early: {self.end}")
            self.talker.step()

    def close(self, ends=True):
        self.send(CloseConnection(code=1000, reason="bye"))
        while not self.end and not any(isinstance(event, CloseConnection) for event in self.messages):
            self.talker.step()
        if self.end is None and not ends:
            return self.reset(8)
        if self.end is None:
            self.talker.http.end_stream(self.stream)
            self.talker.flush()
        self.drain()

    def drain(self):
        while self.end is None:
            self.talker.step()

    def reset(self, code):
        self.talker.http.reset_stream(self.stream, code)
        self.talker.flush()
        self.end = f"client resets with {code}"


class Talker:
    def __init__(self, port, tls=False, keys=None, upgrade=False, window=None):
        self.port, self.tls = port, tls
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.own_port = self.connection.getsockname()[1]
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_alpn_protocols(["h2"])
            context.keylog_filename = str(keys)
            self.connection = context.wrap_socket(self.connection, server_hostname="localhost")
        self.http = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self.tunnels, self.responses, self.ended, self.goaway = {}, {}, set(), None
        self.requests, self.offered, self.acknowledges = 0, None, True
        self.held = {}
        if upgrade:
            self.upgrade()
        else:
            self.http.initiate_connection()
        if window is not None:
            self.http.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.flush()
        while self.offered is None:
            self.step()

    def upgrade(self):
        settings = self.http.initiate_upgrade_connection().decode()
        self.connection.sendall(
            f"GET /page HTTP/1.1\r\nHost: localhost:{self.port}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            f"HTTP2-Settings: {settings}\r\n\r\n".encode())
        self.requests += 1
        self.upgraded = settings
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.connection.recv(1)
        assert b" 101 " in head, head

    def flush(self):
        data = self.http.data_to_send()
        if data:
            self.connection.sendall(data)

    def step(self):
        data = self.connection.recv(65536)
        if not data:
            raise SystemExit("the server hung up")
        for event in self.http.receive_data(data):
            self.take(event)
        self.flush()

    def take(self, event):
        if isinstance(event, h2.events.RemoteSettingsChanged):
            setting = event.changed_settings.get(8)
            self.offered = bool(setting and setting.new_value) or bool(self.offered)
        elif isinstance(event, h2.events.ResponseReceived):
            if event.stream_id in self.tunnels:
                self.tunnels[event.stream_id].opened(dict(event.headers))
            self.responses[event.stream_id] = dict(event.headers)[":status"]
        elif isinstance(event, h2.events.DataReceived):
            if self.acknowledges:
                self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            else:
                self.held[event.stream_id] = self.held.get(event.stream_id, 0) + event.flow_controlled_length
            if event.stream_id in self.tunnels:
                self.tunnels[event.stream_id].receive(event.data)
        elif isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
            self.ended.add(event.stream_id)
            tunnel = self.tunnels.get(event.stream_id)
            if tunnel and tunnel.end is None:
                ends = isinstance(event, h2.events.StreamEnded)
                tunnel.end = "server ends" if ends else f"server resets with {int(event.error_code)}"
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.goaway = int(event.error_code)

    def acknowledge(self):
        """Lets the server send on."""
        self.acknowledges = True
        for stream, count in self.held.items():
            self.http.acknowledge_received_data(count, stream)
        self.held = {}
        self.flush()

    def get(self, path):
        stream = self.http.get_next_available_stream_id()
        self.requests += 1
        self.http.send_headers(stream, [
            (":method", "GET"), (":scheme", "https" if self.tls else "http"), (":path", path),
            (":authority", f"localhost:{self.port}"), ("user-agent", "talker")], end_stream=True)
        self.flush()
        while stream not in self.ended:
            self.step()

    def open(self, path, subprotocol=None, deflate=False, protocol="websocket", more=()):
        stream = self.http.get_next_available_stream_id()
        tunnel = self.tunnels[stream] = StreamTunnel(self, stream, path, deflate)
        headers = [
            (":method", "CONNECT"), (":protocol", protocol), (":scheme", "https" if self.tls else "http"), (":path", path),
            (":authority", f"localhost:{self.port}"), ("sec-websocket-version", "13"), ("origin", "http://localhost")]
        if subprotocol:
            headers.append(("sec-websocket-protocol", subprotocol))
        if deflate:
            headers.append(("sec-websocket-extensions", "permessage-deflate; " + tunnel.offer.offer()))
        self.http.send_headers(stream, headers + list(more))
        self.flush()
        while tunnel.status is None and tunnel.end is None:
            self.step()
        return tunnel

    def finish(self):
        self.http.close_connection()
        self.flush()
        self.connection.close()

    def log(self):
        log = {
            "client_port": self.own_port, "requests": self.requests, "offered": self.offered,
            "tunnels": [tunnel.log() for tunnel in self.tunnels.values()],
        }
        if hasattr(self, "upgraded"):
            log["upgrade"] = base64.b64encode(base64.urlsafe_b64decode(self.upgraded + "=" * (-len(self.upgraded) % 4))).decode()
        return log


def chat(tunnel, count=3, size=700):
    """A few messages in both directions; the server sends each back."""
    for number in range(count):
        tunnel.send(TextMessage(data=f"hello {number} on stream {tunnel.stream}"))
    tunnel.send(BytesMessage(data=bytes(number % 251 for number in range(size))), Ping(payload=b"there?"))
    tunnel.wait(count + 2)


def converse(port, subprotocol="chat", refused=(), deflate=False, ends=True, **options):
    """Two sockets at once beside ordinary requests, those that are refused, one that is reset."""
    talker = Talker(port, **options)
    assert talker.offered, "the server does not offer RFC 8441"
    talker.get("/page")
    first = talker.open("/first?a=1", subprotocol)
    chat(first)
    second = talker.open("/second", subprotocol, deflate=deflate)
    talker.get("/other")
    chat(second, count=5)
    chat(first, count=1)
    for path in refused:
        talker.open(path).drain()
    first.close(ends)
    third = talker.open("/second", subprotocol)
    third.send(TextMessage(data="gone soon"))
    third.wait(1)
    third.reset(8)
    second.close(ends)
    talker.finish()
    return talker.log()
