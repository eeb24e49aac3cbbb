// golang.org/x/net/websocket, its server. It has no close with a code, and no compression.
package main

import (
	"net/http"
	"os"

	"golang.org/x/net/websocket"
)

// The library's own codecs tell text from binary by the type of a variable; this one keeps what arrived.
type message struct {
	kind    byte
	payload []byte
}

var codec = websocket.Codec{
	Marshal: func(value interface{}) ([]byte, byte, error) {
		return value.(message).payload, value.(message).kind, nil
	},
	Unmarshal: func(payload []byte, kind byte, value interface{}) error {
		*value.(*message) = message{kind, append([]byte{}, payload...)}
		return nil
	},
}

func main() {
	version("x/net/websocket", "golang-golang-x-net-dev")
	echo := func(connection *websocket.Conn) {
		for {
			var incoming message
			if codec.Receive(connection, &incoming) != nil {
				return
			}
			got(incoming.kind == websocket.TextFrame, incoming.payload)
			if code, _, ok := parting(incoming.payload); ok {
				connection.WriteClose(code)
				return
			}
			codec.Send(connection, incoming)
		}
	}
	// Without a handshake of its own the server asks for an Origin, which only browsers send.
	http.ListenAndServe("127.0.0.1:"+os.Args[1], websocket.Server{Handler: echo})
}
