"""Close frames that break a rule, and connections that end without the closing handshake."""

from stage import by_client, by_server, capture, chat, closed_by_client, closed_by_server, give_way, greet, hang_up, shake
from wire import CLOSE, PING, TEXT, close_body


def closed_with(name, what, body):
    """A close frame by a raw client; the real server answers with its own."""

    @capture(name, what, by_client(name.partition(".")[0], 3))
    def _(stage):
        with stage.real_server() as client:
            greet(client)
            client.frame(CLOSE, body)
            client.await_close()
            client.hang_up()


for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535):
    closed_with(f"close-code-invalid.{code}", f"The client closes with the code {code}.", close_body(code))
closed_with("close-body-too-short", "The body of the client's close frame is one byte.", b"\x03")
closed_with("close-reason-not-utf8", "The reason in the client's close frame is Latin-1.",
            close_body(1000, "à bientôt".encode("latin-1")))


def bad_by_server(name, what, code, *more):
    @capture(name, what, by_server(name.partition(".")[0], 2), *more)
    def _(stage):
        with stage.real_client() as server:
            server.send_switch()
            server.read_frame()
            server.close(code)
            server.await_close()
            server.hang_up()


bad_by_server("close-code-not-for-server", "The server closes with 1010, which is for clients that miss an extension.", 1010,
              closed_by_server(2))
bad_by_server("close-code-invalid.server", "The server closes with the code 1006.", 1006)


# Close frames that say that something failed


@capture("close-abnormal", "The server's handler fails at a message, and the server closes with 1011.", closed_by_server(4))
def handler_fails(stage):
    with stage.real_server(fails_at="Fail!") as client:
        greet(client)
        client.text("Fail!")
        give_way(client)


@capture("close-abnormal.client", "The client closes with 1008; the server's answer says the same.", closed_by_client(3))
def client_complains(stage):
    with stage.real_server() as client:
        greet(client)
        client.close(1008)
        client.await_close()
        client.hang_up()


@capture("close-abnormal.application", "The server closes with 4001, a code of the application's own.", closed_by_server(2))
def application_closes(stage):
    with stage.real_client() as server:
        server.send_switch()
        server.read_frame()
        server.close(4001)
        server.await_close()
        server.hang_up()


# No answer to a close frame


@capture("close-unanswered", "The client closes; the server ends TCP without a close frame of its own.",
         by_server("close-unanswered"))
def unanswered_by_server(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    client.close()
    server.await_close()
    hang_up(server, client)


@capture("close-unanswered.client", "The server closes; the client ends TCP without a close frame of its own.",
         by_client("close-unanswered"))
def unanswered_by_client(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    server.close(1001)
    client.await_close()
    hang_up(client, server)


@capture("close-unanswered.rst", "The client closes; the server resets TCP without a close frame of its own.",
         by_server("close-unanswered"))
def unanswered_by_reset(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    client.close()
    server.await_close()
    server.reset()
    client.await_end()


# No close frame at all


@capture("close-missing.fin", "The client ends TCP without a close frame.", by_client("close-missing"))
def missing_fin(stage):
    with stage.real_server() as client:
        greet(client)
        client.hang_up()


@capture("close-missing.rst", "The client resets TCP without a close frame.", by_client("close-missing"))
def missing_rst(stage):
    with stage.real_server() as client:
        greet(client)
        client.reset()


@capture("close-missing.server", "The server ends TCP without a close frame.", by_server("close-missing"))
def missing_by_server(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    hang_up(server, client)


# Frames that end too early


def cut(name, what, opcode, end, *more):
    """The first part of a frame, and then nothing. The frame counts as one that the capture holds a part of."""

    @capture(name, what, by_client("close-in-frame", 3), by_client("close-missing"), *more)
    def _(stage):
        with stage.real_server() as client:
            greet(client)
            client.send(client.make(opcode, b"x" * 100)[:60])
            end(client)


cut("close-in-frame.fin", "The client ends TCP in the middle of a ping.", PING, lambda client: client.hang_up())
cut("close-in-frame.rst", "The client resets TCP in the middle of a ping.", PING, lambda client: client.reset())
cut("close-in-frame.text", "The client ends TCP in the middle of a text.", TEXT, lambda client: client.hang_up())
