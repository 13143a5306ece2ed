package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

type serving struct {
	address, cert, key, authorization, body string
	interval                                time.Duration
}

// An event with the blank line behind it.
const eventBytes = 200

// serve is the upstream for what nginx cannot do: /v1/events sends an event every interval, /v1/bytes/N a body of N
// bytes, the file again and again. Both answer 200 only to the key.
func serve(s serving) error {
	text, err := os.ReadFile(s.body)
	if err != nil {
		return err
	}
	piece := bytes.Repeat(text, 1+65_536/len(text))
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/events", func(w http.ResponseWriter, r *http.Request) { sendEvents(w, r, s.interval) })
	mux.HandleFunc("/v1/bytes/", func(w http.ResponseWriter, r *http.Request) { sendBytes(w, r, piece) })
	server := &http.Server{
		Addr: s.address,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != s.authorization {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			mux.ServeHTTP(w, r)
		}),
		TLSConfig:    &tls.Config{MinVersion: tls.VersionTLS13},
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	return server.ListenAndServeTLS(s.cert, s.key)
}

func sendEvents(w http.ResponseWriter, r *http.Request, interval time.Duration) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flusher, canFlush := w.(http.Flusher)
	if !canFlush {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for count := 0; ; count++ {
		event := fmt.Sprintf("id: %d\n%s%d,\"entry\":\"", count, sentField, time.Now().UnixNano())
		event += strings.Repeat("e", eventBytes-len(event)-4) + "\"}\n\n"
		if _, err := w.Write([]byte(event)); err != nil {
			return
		}
		flusher.Flush()
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		}
	}
}

func sendBytes(w http.ResponseWriter, r *http.Request, piece []byte) {
	left, err := strconv.ParseInt(strings.TrimPrefix(r.URL.Path, "/v1/bytes/"), 10, 64)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.FormatInt(left, 10))
	for left > 0 {
		n, err := w.Write(piece[:min(left, int64(len(piece)))])
		if err != nil {
			return
		}
		left -= int64(n)
	}
}
