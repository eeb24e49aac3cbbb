"""What is no frame at all, where one should be."""

from stage import by_server, capture, chat, finding, part, shake
from wire import BINARY, TEXT, frame


@capture("stream-out-of-step", "The server sends the header of a long frame and a tenth of its payload; then whole texts follow.",
         by_server("stream-out-of-step"), finding("capture-resynchronised"), frames=13)
def out_of_step(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    sent = [frame(BINARY, b"The writer stops her", masked=False, length=200)]
    for number in range(12):
        text = '{"type":"price","symbol":"ACME","number":%d,"price":%s}' % (number, 100 + number / 4)
        sent.append(frame(TEXT, text.encode(), masked=False))
    for data in sent:
        server.send(data)
        client.read(len(data))
    part(client, server)
