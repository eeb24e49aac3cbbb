# em-websocket, which knows no compression.
require "em-websocket"
require "peer"

Peer.version("em-websocket")
EventMachine.run do
  EventMachine::WebSocket.run(host: "127.0.0.1", port: ARGV[0].to_i) do |socket|
    answer = lambda do |kind, payload|
      Peer.got(kind, payload)
      if (parting = Peer.parting(payload)) then socket.close(*parting)
      elsif kind == "text" then socket.send_text(payload)
      else socket.send_binary(payload)
      end
    end
    socket.onmessage { |payload| answer.("text", payload) }
    socket.onbinary { |payload| answer.("binary", payload) }
    socket.onclose { |event| Peer.closed(event[:code]) }
  end
end
