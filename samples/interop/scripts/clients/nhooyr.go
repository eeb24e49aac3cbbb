// nhooyr.io/websocket, its client.
package main

import (
	"context"
	"os"

	"nhooyr.io/websocket"
)

func main() {
	version("nhooyr.io/websocket", "golang-nhooyr-websocket-dev")
	ctx := context.Background()
	mode := websocket.CompressionDisabled
	if parameters()["deflate"] != "" {
		mode = websocket.CompressionContextTakeover
	}
	if parameters()["no_context_takeover"] != "" {
		mode = websocket.CompressionNoContextTakeover
	}
	connection, _, err := websocket.Dial(ctx, os.Args[1], &websocket.DialOptions{CompressionMode: mode, CompressionThreshold: 1})
	check(err)
	kinds := map[bool]websocket.MessageType{true: websocket.MessageText, false: websocket.MessageBinary}
	converse(peer{
		send: func(text bool, payload []byte) error { return connection.Write(ctx, kinds[text], payload) },
		fragments: func(text bool, parts [][]byte) error {
			writer, err := connection.Writer(ctx, kinds[text])
			check(err)
			for _, part := range parts {
				writer.Write(part)
			}
			return writer.Close()
		},
		receive: func() (bool, []byte, error) {
			kind, payload, err := connection.Read(ctx)
			return kind == websocket.MessageText, payload, err
		},
		close: func(code int, reason string) error { return connection.Close(websocket.StatusCode(code), reason) },
		code:  func(err error) int { return int(websocket.CloseStatus(err)) },
	})
}
