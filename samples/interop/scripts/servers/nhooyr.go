// nhooyr.io/websocket, its server.
package main

import (
	"context"
	"net/http"
	"os"

	"nhooyr.io/websocket"
)

func main() {
	version("nhooyr.io/websocket", "golang-nhooyr-websocket-dev")
	http.ListenAndServe("127.0.0.1:"+os.Args[1], http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		connection, err := websocket.Accept(writer, request, &websocket.AcceptOptions{
			CompressionMode: compression(), CompressionThreshold: 1, InsecureSkipVerify: true,
		})
		if err != nil {
			return
		}
		for {
			kind, payload, err := connection.Read(context.Background())
			if err != nil {
				closed(int(websocket.CloseStatus(err)))
				return
			}
			got(kind == websocket.MessageText, payload)
			if code, reason, ok := parting(payload); ok {
				connection.Close(websocket.StatusCode(code), reason)
				return
			}
			connection.Write(context.Background(), kind, payload)
		}
	}))
}

func compression() websocket.CompressionMode {
	switch {
	case parameters()["deflate"] == "":
		return websocket.CompressionDisabled
	case parameters()["no_context_takeover"] != "":
		return websocket.CompressionNoContextTakeover
	}
	return websocket.CompressionContextTakeover
}
