package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// What stands before the moment at which an event was sent, in nanoseconds since 1970.
var sentField = []byte(`data: {"sent":`)

// How long the streams stay open after the result is printed, so that the caller can look at the door before they end.
const lingerAfterEvents = 300 * time.Millisecond

// receiveEvents reads an event stream on each connection. It prints a progress of 0 when all of them run, and counts
// from there on; a latency is the time from an event's being written upstream until it is read here.
func receiveEvents(o *options) {
	request := requestBytes(o)
	tallies := make([]tally, o.connections)
	var running, over sync.WaitGroup
	var isCounting, isOver atomic.Bool
	for i := range tallies {
		running.Add(1)
		over.Add(1)
		go func(t *tally) {
			defer over.Done()
			var once sync.Once
			runs := func() { once.Do(running.Done) }
			defer runs()
			if err := readEvents(o, request, t, runs, &isCounting, &isOver); err != nil {
				t.problems++
				t.problem = err.Error()
			}
		}(&tallies[i])
	}
	running.Wait()
	_ = json.NewEncoder(os.Stdout).Encode(progress{Done: 0})
	begin := time.Now()
	isCounting.Store(true)
	time.Sleep(time.Duration(o.seconds * float64(time.Second)))
	took := time.Since(begin)
	isOver.Store(true)
	over.Wait()
	_ = json.NewEncoder(os.Stdout).Encode(sum(tallies, took))
	time.Sleep(lingerAfterEvents)
}

func readEvents(o *options, request []byte, t *tally, runs func(), isCounting, isOver *atomic.Bool) error {
	c, err := dial(o)
	if err != nil {
		return err
	}
	_ = c.SetDeadline(time.Now().Add(answerTimeout + time.Duration(o.seconds*float64(time.Second))))
	if _, err := c.Write(request); err != nil {
		return err
	}
	answer, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("answer %s", answer.Status)
	}
	lines := bufio.NewReaderSize(answer.Body, 4096)
	for !isOver.Load() {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(line, sentField) {
			continue
		}
		digits := line[len(sentField):]
		if end := bytes.IndexByte(digits, ','); end >= 0 {
			digits = digits[:end]
		}
		sent, err := strconv.ParseInt(string(digits), 10, 64)
		if err != nil {
			return err
		}
		runs()
		if isCounting.Load() {
			t.count++
			t.latencies = append(t.latencies, (time.Now().UnixNano()-sent)/1000)
		}
	}
	return nil
}
