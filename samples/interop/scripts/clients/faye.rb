# faye-websocket, its client. It knows no compression unless permessage_deflate is there, which Debian lacks.
require "eventmachine"
require "faye/websocket"
require "peer"

Peer.version("faye-websocket")
Peer.version("websocket-driver")

class Connection
  def initialize(socket)
    @socket = socket
  end

  def say(kind, payload)
    @socket.send(kind == "text" ? payload : payload.bytes)
  end

  def ping(payload)
    @socket.ping(payload)
  end

  def leave(code, reason)
    @socket.close(code, reason)
  end
end

EventMachine.run do
  socket = Faye::WebSocket::Client.new(ARGV[0])
  talk = Peer::Talk.new(Connection.new(socket))
  socket.on(:open) { talk.go_on }
  socket.on(:message) do |event|
    text = event.data.is_a?(String)
    talk.answer(text ? "text" : "binary", text ? event.data : event.data.pack("C*"))
  end
  socket.on(:close) do |event|
    Peer.closed(event.code)
    EventMachine.stop
  end
end
