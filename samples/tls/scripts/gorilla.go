// The client of gorilla.pcapng. Prints what it sent and received.
//
//	gorilla KEYS
package main

import (
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"log"
	"net"
	"os"
	"runtime"

	"github.com/gorilla/websocket"
)

type item struct {
	Kind    string `json:"kind"`
	Payload string `json:"payload,omitempty"`
	Hex     string `json:"hex,omitempty"`
}

func main() {
	keys, err := os.Create(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer keys.Close()
	dialer := websocket.Dialer{
		// The certificate is nobody's business here; the keys are.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, KeyLogWriter: keys, NextProtos: []string{"http/1.1"}},
		NetDial: func(network, address string) (net.Conn, error) {
			return net.Dial(network, "127.0.0.1:8443")
		},
		EnableCompression: true,
	}
	connection, _, err := dialer.Dial("wss://feed.example:8443/feed", nil)
	if err != nil {
		log.Fatal(err)
	}
	state := connection.UnderlyingConn().(*tls.Conn).ConnectionState()
	var sent, heard []item
	for _, text := range []string{"hello from Go", "Olá, 世界", "", "list, list, list, list, list, list, list"} {
		send(connection, websocket.TextMessage, []byte(text), &sent, &heard)
	}
	send(connection, websocket.BinaryMessage, []byte{0, 1, 2, 254, 255}, &sent, &heard)
	farewell := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "done")
	if err := connection.WriteMessage(websocket.CloseMessage, farewell); err != nil {
		log.Fatal(err)
	}
	_, _, err = connection.ReadMessage()
	closed, isClose := err.(*websocket.CloseError)
	if !isClose {
		log.Fatal(err)
	}
	connection.Close()
	report := map[string]any{
		"sent": sent, "heard": heard, "close_heard": closed.Code, "go": runtime.Version(),
		"tls": map[string]any{
			"version": state.Version, "cipher": tls.CipherSuiteName(state.CipherSuite), "alpn": state.NegotiatedProtocol,
		},
	}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		log.Fatal(err)
	}
}

func send(connection *websocket.Conn, kind int, data []byte, sent, heard *[]item) {
	if err := connection.WriteMessage(kind, data); err != nil {
		log.Fatal(err)
	}
	*sent = append(*sent, describe(kind, data))
	kind, data, err := connection.ReadMessage()
	if err != nil {
		log.Fatal(err)
	}
	*heard = append(*heard, describe(kind, data))
}

func describe(kind int, data []byte) item {
	if kind == websocket.TextMessage {
		return item{Kind: "text", Payload: string(data)}
	}
	return item{Kind: "binary", Hex: hex.EncodeToString(data)}
}
