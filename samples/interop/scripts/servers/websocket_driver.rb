# websocket-driver, a server on a plain socket.
require "socket"
require "websocket/driver"
require "peer"

Peer.version("websocket-driver")
listener = TCPServer.new("127.0.0.1", ARGV[0].to_i)
loop do
  socket = listener.accept
  driver = WebSocket::Driver.server(socket)
  driver.on(:connect) { driver.start }
  driver.on(:message) do |event|
    text = event.data.is_a?(String)
    payload = text ? event.data : event.data.pack("C*")
    Peer.got(text ? "text" : "binary", payload)
    if (parting = Peer.parting(payload)) then driver.close(parting[1], parting[0])
    elsif text then driver.text(payload)
    else driver.binary(event.data)
    end
  end
  open = true
  driver.on(:close) do |event|
    Peer.closed(event.code)
    open = false
  end
  driver.parse(socket.readpartial(4096)) while open
  socket.close
end
