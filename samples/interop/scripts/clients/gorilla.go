// gorilla/websocket, its client. A message of several writes goes out in several frames once its buffer is full.
package main

import (
	"os"
	"time"

	"github.com/gorilla/websocket"
)

func main() {
	version("gorilla/websocket", "golang-github-gorilla-websocket-dev")
	dialer := websocket.Dialer{EnableCompression: parameters()["deflate"] != "", WriteBufferSize: 128}
	connection, _, err := dialer.Dial(os.Args[1], nil)
	check(err)
	converse(peer{
		send: func(text bool, payload []byte) error {
			return connection.WriteMessage(map[bool]int{true: websocket.TextMessage, false: websocket.BinaryMessage}[text], payload)
		},
		receive: func() (bool, []byte, error) {
			kind, payload, err := connection.ReadMessage()
			return kind == websocket.TextMessage, payload, err
		},
		ping: func(payload []byte) error {
			return connection.WriteControl(websocket.PingMessage, payload, time.Now().Add(time.Second))
		},
		close: func(code int, reason string) error {
			return connection.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
		},
		code: func(err error) int {
			if end, ok := err.(*websocket.CloseError); ok {
				return end.Code
			}
			return 1006
		},
	})
	connection.Close()
}
