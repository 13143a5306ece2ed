// Load sends HTTP/1.1 requests over keep-alive connections, plain or with mutual TLS, and prints what came of them as
// lines of JSON. It also reads event streams, reads slowly, and is an upstream that can serve both. It writes one prepared request and reads heads by hand, so that the door and not the generator is the
// limit: net/http's client costs several times as much per request as the doors that are measured.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type options struct {
	address, name, path     string
	headers                 []string
	connections, upload     int
	seconds                 float64
	requests, progressEvery int64
	newConnections, events  bool
	slowRate                int64
	slowPause               time.Duration
	serving                 *serving
	tls                     *tls.Config
}

// The last line that is printed.
type result struct {
	Requests int64   `json:"requests"`
	Errors   int64   `json:"errors"`
	Error    string  `json:"error,omitempty"`
	Seconds  float64 `json:"seconds"`
	P50Us    int64   `json:"p50Us"`
	P99Us    int64   `json:"p99Us"`
	TLS      string  `json:"tls,omitempty"`
}

// Printed after every progressEvery requests, so that the caller can look at the door meanwhile.
type progress struct {
	Done int64 `json:"done"`
}

const (
	answerTimeout = 20 * time.Second
	errorsMax     = 100
)

func main() {
	o, err := parse()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(2)
	}
	switch {
	case o.serving != nil:
		err = serve(*o.serving)
	case o.events:
		receiveEvents(o)
	case o.slowRate > 0:
		var r result
		if r, err = readSlowly(o, o.slowRate, o.slowPause); err == nil {
			_ = json.NewEncoder(os.Stdout).Encode(r)
		}
	default:
		_ = json.NewEncoder(os.Stdout).Encode(run(o))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func parse() (*options, error) {
	o := &options{}
	flag.StringVar(&o.address, "address", "", "host:port to connect to")
	flag.StringVar(&o.name, "host", "localhost", "Host field, and TLS server name")
	flag.StringVar(&o.path, "path", "/", "request target")
	flag.IntVar(&o.connections, "connections", 32, "connections at a time")
	flag.IntVar(&o.upload, "upload", 0, "bytes of each request's body; with it the requests are POST")
	flag.Float64Var(&o.seconds, "seconds", 3, "how long, unless -requests is given")
	flag.Int64Var(&o.requests, "requests", 0, "how many")
	flag.Int64Var(&o.progressEvery, "progress", 0, "print a line after every so many requests")
	flag.BoolVar(&o.newConnections, "new-connections", false, "a new connection, and full handshake, for each request")
	flag.BoolVar(&o.events, "events", false, "read an event stream on each connection")
	flag.Int64Var(&o.slowRate, "slow", 0, "one request, its answer read at so many bytes a second")
	flag.DurationVar(&o.slowPause, "pause", 0, "how long a slow reader reads nothing at first")
	isServer := flag.Bool("serve", false, "be the upstream instead, at -address")
	s := serving{}
	flag.StringVar(&s.authorization, "authorization", "", "the Authorization that the upstream takes")
	flag.StringVar(&s.body, "body", "", "file of which the upstream's bodies are made")
	flag.DurationVar(&s.interval, "interval", 10*time.Millisecond, "between two events of a stream")
	ca := flag.String("ca", "", "PEM of the door's CA; with it TLS is spoken")
	cert := flag.String("cert", "", "PEM of the client's certificate, where it has one")
	key := flag.String("key", "", "PEM of its key")
	curve := flag.String("curve", "x25519", "key agreement: x25519 or x25519mlkem768")
	flag.Func("header", "a field line", func(line string) error {
		o.headers = append(o.headers, line)
		return nil
	})
	flag.Parse()
	if o.address == "" {
		return nil, errors.New("-address is missing")
	}
	if *isServer {
		s.address, s.cert, s.key = o.address, *cert, *key
		o.serving = &s
		return o, nil
	}
	if *ca == "" {
		return o, nil
	}
	pem, err := os.ReadFile(*ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", *ca)
	}
	var pairs []tls.Certificate
	if *cert != "" {
		pair, err := tls.LoadX509KeyPair(*cert, *key)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair)
	}
	curves := map[string]tls.CurveID{"x25519": tls.X25519, "x25519mlkem768": tls.X25519MLKEM768}
	curveID, known := curves[*curve]
	if !known {
		return nil, fmt.Errorf("-curve %s is not known", *curve)
	}
	// No session cache: every handshake is a full one.
	o.tls = &tls.Config{
		RootCAs: roots, Certificates: pairs, ServerName: o.name,
		CurvePreferences: []tls.CurveID{curveID}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12,
	}
	return o, nil
}

type tally struct {
	latencies []int64
	count     int64
	problems  int64
	problem   string
	tls       string
}

func run(o *options) result {
	request := requestBytes(o)
	var started, done atomic.Int64
	begin := time.Now()
	end := begin.Add(time.Duration(o.seconds * float64(time.Second)))
	// Whether there is another request to send.
	next := func() bool {
		if o.requests > 0 {
			return started.Add(1) <= o.requests
		}
		return time.Now().Before(end)
	}
	var printing sync.Mutex
	finished := func() {
		if n := done.Add(1); o.progressEvery > 0 && n%o.progressEvery == 0 {
			printing.Lock()
			_ = json.NewEncoder(os.Stdout).Encode(progress{Done: n})
			printing.Unlock()
		}
	}
	tallies := make([]tally, o.connections)
	var all sync.WaitGroup
	for i := range tallies {
		all.Add(1)
		go func(t *tally) {
			defer all.Done()
			work(o, request, t, next, finished)
		}(&tallies[i])
	}
	all.Wait()
	return sum(tallies, time.Since(begin))
}

func work(o *options, request []byte, t *tally, next func() bool, finished func()) {
	var c *connection
	defer func() {
		if c != nil {
			_ = c.Close()
		}
	}()
	for t.problems < errorsMax && next() {
		start := time.Now()
		var err error
		if c == nil {
			c, err = dial(o)
		}
		reusable := false
		if err == nil {
			t.tls = c.says
			reusable, err = c.exchange(request)
		}
		if err != nil {
			t.problems++
			t.problem = err.Error()
		} else {
			t.count++
			t.latencies = append(t.latencies, time.Since(start).Microseconds())
			finished()
		}
		if c != nil && (err != nil || !reusable || o.newConnections) {
			_ = c.Close()
			c = nil
		}
	}
}

func requestBytes(o *options) []byte {
	var b bytes.Buffer
	method := "GET"
	if o.upload > 0 {
		method = "POST"
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, o.path, o.name)
	for _, line := range o.headers {
		fmt.Fprintf(&b, "%s\r\n", line)
	}
	if o.upload > 0 {
		fmt.Fprintf(&b, "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n", o.upload)
	}
	b.WriteString("\r\n")
	b.Write(bytes.Repeat([]byte("u"), o.upload))
	return b.Bytes()
}

type connection struct {
	net.Conn
	reader *bufio.Reader
	says   string
}

func dial(o *options) (*connection, error) {
	raw, err := net.DialTimeout("tcp", o.address, answerTimeout)
	if err != nil {
		return nil, err
	}
	if o.tls == nil {
		return &connection{Conn: raw, reader: bufio.NewReaderSize(raw, 16384)}, nil
	}
	secure := tls.Client(raw, o.tls)
	_ = secure.SetDeadline(time.Now().Add(answerTimeout))
	if err := secure.Handshake(); err != nil {
		_ = raw.Close()
		return nil, err
	}
	state := secure.ConnectionState()
	says := fmt.Sprintf("%s %s %s", tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite), state.CurveID)
	return &connection{Conn: secure, reader: bufio.NewReaderSize(secure, 16384), says: says}, nil
}

// exchange sends the request and reads a 200 with its body. It says whether the connection lives on.
func (c *connection) exchange(request []byte) (bool, error) {
	_ = c.SetDeadline(time.Now().Add(answerTimeout))
	if _, err := c.Write(request); err != nil {
		return false, err
	}
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return false, err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return false, fmt.Errorf("answer %q", strings.TrimSpace(string(line)))
	}
	length, chunked, keep := int64(-1), false, true
	for {
		line, err = c.reader.ReadSlice('\n')
		if err != nil {
			return false, err
		}
		if len(line) <= 2 {
			break
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			return false, errors.New("a field line without a colon")
		}
		value := bytes.TrimSpace(line[colon+1:])
		switch {
		case bytes.EqualFold(line[:colon], []byte("content-length")):
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return false, err
			}
		case bytes.EqualFold(line[:colon], []byte("transfer-encoding")):
			chunked = true
		case bytes.EqualFold(line[:colon], []byte("connection")):
			keep = !bytes.EqualFold(value, []byte("close"))
		}
	}
	if chunked || length < 0 {
		return false, errors.New("the answer has no Content-Length")
	}
	for left := length; left > 0; {
		n, err := c.reader.Discard(int(min(left, 16384)))
		if err != nil {
			return false, err
		}
		left -= int64(n)
	}
	return keep, nil
}

func sum(tallies []tally, took time.Duration) result {
	r := result{Seconds: took.Seconds()}
	var latencies []int64
	for _, t := range tallies {
		r.Requests += t.count
		r.Errors += t.problems
		if t.problem != "" {
			r.Error = t.problem
		}
		if t.tls != "" {
			r.TLS = t.tls
		}
		latencies = append(latencies, t.latencies...)
	}
	sort.Slice(latencies, func(a, b int) bool { return latencies[a] < latencies[b] })
	if n := len(latencies); n > 0 {
		r.P50Us, r.P99Us = latencies[n/2], latencies[n*99/100]
	}
	return r
}
