// Go's net/http, HTTP/2 and nothing else: "serve CERTIFICATE KEY" says its port and answers with what it was asked;
// "ask URL" makes requests with the key of the environment and prints what came.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

func onlyHTTP2() *http.Protocols {
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	return protocols
}

func main() {
	if os.Args[1] == "serve" {
		serve(os.Args[2], os.Args[3])
	} else {
		ask(os.Args[2])
	}
}

func serve(certificate, key string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	exitOn(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{
		Protocols: onlyHTTP2(),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			length, _ := io.Copy(io.Discard, r.Body)
			digest := sha256.Sum256([]byte(r.Header.Get("Authorization")))
			fmt.Fprintf(w, "%s %s %d %s", r.Proto, r.Method, length, hex.EncodeToString(digest[:]))
		}),
	}
	exitOn(server.ServeTLS(listener, certificate, key))
}

func ask(url string) {
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, Protocols: onlyHTTP2()}}
	one := func(body []byte) string {
		request, err := http.NewRequest("POST", url, bytes.NewReader(body))
		exitOn(err)
		request.Header.Set("Authorization", "Bearer "+os.Getenv("LEDGER_KEY"))
		response, err := client.Do(request)
		exitOn(err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		exitOn(err)
		return fmt.Sprintf("%s %d %s", response.Proto, response.StatusCode, text)
	}
	first := one([]byte(strings.Repeat("x", 1_000_000)))
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() { one([]byte("x")) })
	}
	group.Wait()
	fmt.Print(first)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
