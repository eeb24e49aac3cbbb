// gorilla/websocket, its server.
package main

import (
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

func main() {
	version("gorilla/websocket", "golang-github-gorilla-websocket-dev")
	upgrader := websocket.Upgrader{
		EnableCompression: parameters()["deflate"] != "",
		CheckOrigin:       func(*http.Request) bool { return true },
	}
	http.HandleFunc("/", func(writer http.ResponseWriter, request *http.Request) {
		connection, err := upgrader.Upgrade(writer, request, nil)
		if err != nil {
			return
		}
		defer connection.Close()
		for {
			kind, payload, err := connection.ReadMessage()
			if end, ok := err.(*websocket.CloseError); ok {
				closed(end.Code)
			}
			if err != nil {
				return
			}
			got(kind == websocket.TextMessage, payload)
			if code, reason, ok := parting(payload); ok {
				connection.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
			} else {
				connection.WriteMessage(kind, payload)
			}
		}
	})
	http.ListenAndServe("127.0.0.1:"+os.Args[1], nil)
}
