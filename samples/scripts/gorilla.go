// The server of gorilla.pcap: it answers one connection, then prints what it read and exits.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const address = "127.0.0.1:8080"

// A write buffer this small makes the library cut long messages into fragments.
var upgrader = websocket.Upgrader{WriteBufferSize: 256, EnableCompression: true}

type counts map[string]int

var read, written = counts{}, counts{}

func main() {
	done := make(chan struct{})
	http.HandleFunc("/gopher", func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		connection, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			log.Fatal(err)
		}
		defer connection.Close()
		answer(connection)
	})
	go func() { log.Fatal(http.ListenAndServe(address, nil)) }()
	<-done
	if err := json.NewEncoder(os.Stdout).Encode(map[string]counts{"read": read, "written": written}); err != nil {
		log.Fatal(err)
	}
}

func answer(connection *websocket.Conn) {
	connection.SetPingHandler(func(data string) error {
		read["ping"]++
		written["pong"]++
		return connection.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	connection.SetCloseHandler(func(code int, reason string) error {
		read["close"]++
		written["close"]++
		farewell := websocket.FormatCloseMessage(code, "")
		return connection.WriteControl(websocket.CloseMessage, farewell, time.Now().Add(time.Second))
	})
	for {
		kind, data, err := connection.ReadMessage()
		if err != nil {
			return
		}
		switch {
		case kind == websocket.BinaryMessage:
			read["binary"]++
			written["binary messages"]++
			err = connection.WriteMessage(kind, data)
		case strings.HasPrefix(string(data), "list"):
			read["text"]++
			written["text messages"]++
			err = writeList(connection)
		default:
			read["text"]++
			written["text messages"]++
			err = connection.WriteMessage(kind, []byte("Gopher says: "+string(data)))
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// writeList writes one long message line by line, through the library's writer.
func writeList(connection *websocket.Conn) error {
	message, err := connection.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	number := uint32(2463534242)
	for line := 1; line <= 60; line++ {
		// xorshift32: always the same numbers, yet hard to compress.
		number ^= number << 13
		number ^= number >> 17
		number ^= number << 5
		if _, err := io.WriteString(message, fmt.Sprintf("ticket %d: %08x → Praça %d\n", line, number, number%97)); err != nil {
			return err
		}
	}
	return message.Close()
}
