// What the peers in Go share: peer.py says what it is about.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

func version(name, debian string) {
	found, _ := exec.Command("dpkg-query", "--show", "--showformat=${Version}", debian).Output()
	fmt.Println("version", name, string(found), "on", runtime.Version())
}

func parameters() map[string]string {
	found := map[string]string{}
	for _, word := range strings.Split(os.Args[2], ",") {
		name, value, _ := strings.Cut(word, "=")
		found[name] = value + " "
	}
	return found
}

func got(text bool, payload []byte) {
	fmt.Println(map[bool]string{true: "text", false: "binary"}[text], hex.EncodeToString(payload))
}

func closed(code int) { fmt.Println("closed", code) }

func parting(payload []byte) (int, string, bool) {
	words := strings.SplitN(string(payload), " ", 3)
	if len(words) < 3 || words[0] != "bye" {
		return 0, "", false
	}
	code, err := strconv.Atoi(words[1])
	return code, words[2], err == nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type peer struct {
	send      func(text bool, payload []byte) error
	fragments func(text bool, parts [][]byte) error
	receive   func() (bool, []byte, error)
	ping      func(payload []byte) error
	close     func(code int, reason string) error
	code      func(err error) int
}

// Takes the steps from the input.
func converse(with peer) {
	decode := func(word string) []byte {
		payload, err := hex.DecodeString(word)
		check(err)
		return payload
	}
	unanswered := 0
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		words := strings.Split(input.Text(), " ")
		switch words[0] {
		case "text", "binary":
			check(with.send(words[0] == "text", decode(words[1])))
			unanswered++
		case "fragments":
			parts := [][]byte{}
			for _, word := range words[2:] {
				parts = append(parts, decode(word))
			}
			check(with.fragments(words[1] == "text", parts))
			unanswered++
		case "ping":
			check(with.ping(decode(words[1])))
		case "close":
			code, err := strconv.Atoi(words[1])
			check(err)
			if err := with.close(code, string(decode(words[2]))); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			if _, _, err := with.receive(); err != nil {
				closed(with.code(err))
			}
		case "wait":
			for ; unanswered > 0; unanswered-- {
				text, payload, err := with.receive()
				if err != nil {
					closed(with.code(err))
					return
				}
				got(text, payload)
			}
		}
	}
}
