// Command requests reads HTTP/1.1 with net/http and says in a field of each answer what it read. With -answers it is
// the client instead: it asks for each path that it is given on standard input and writes what it read as a line.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

type reading struct {
	Method string `json:"method"`
	Target string `json:"target"`
	Host   string `json:"host"`
	Body   string `json:"body"`
}

type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
	Error  string `json:"error,omitempty"`
	After  string `json:"after"`
}

func main() {
	answers := flag.Bool("answers", false, "be the client")
	flag.Parse()
	if *answers {
		readAnswers()
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{
		Handler:  http.HandlerFunc(report),
		ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal(server.Serve(listener))
}

func report(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	text, _ := json.Marshal(reading{
		Method: r.Method,
		Target: r.RequestURI,
		Host:   r.Host,
		Body:   base64.StdEncoding.EncodeToString(body),
	})
	w.Header().Set("X-Read", base64.StdEncoding.EncodeToString(text))
	w.WriteHeader(http.StatusOK)
}

// Standard input: an address, a method and a path a line.
func readAnswers() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var address, method, path string
		if _, err := fmt.Sscanf(lines.Text(), "%s %s %s", &address, &method, &path); err != nil {
			log.Fatal(err)
		}
		transport := &http.Transport{MaxIdleConnsPerHost: 1, DisableCompression: true}
		client := &http.Client{
			Transport: transport,
			Timeout:   3 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		}
		got := ask(client, method, "http://"+address+path)
		got.After = ask(client, "GET", "http://"+address+"/after").Body
		transport.CloseIdleConnections()
		text, _ := json.Marshal(got)
		fmt.Println(string(text))
	}
}

func ask(client *http.Client, method, url string) answer {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return answer{Error: err.Error()}
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{Error: err.Error()}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	got := answer{Status: response.StatusCode, Body: base64.StdEncoding.EncodeToString(body)}
	if err != nil {
		got.Error = err.Error()
	}
	return got
}
