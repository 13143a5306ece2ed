package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// A slow reader takes so much at a time, and then nothing until its rate allows the next.
const burstBytes = 8 << 20

// readSlowly makes one request, does not read at all for `pause`, then reads at `rate` bytes a second. It prints the
// bytes that it has after each burst.
func readSlowly(o *options, rate int64, pause time.Duration) (result, error) {
	c, err := dial(o)
	if err != nil {
		return result{}, err
	}
	defer c.Close()
	if _, err := c.Write(requestBytes(o)); err != nil {
		return result{}, err
	}
	answer, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return result{}, err
	}
	if answer.StatusCode != http.StatusOK {
		return result{}, fmt.Errorf("answer %s", answer.Status)
	}
	time.Sleep(pause)
	begin := time.Now()
	buffer := make([]byte, 1<<20)
	for done := int64(0); ; {
		n, err := io.ReadAtLeast(answer.Body, buffer, len(buffer))
		done += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			if done != answer.ContentLength {
				return result{}, fmt.Errorf("%d of %d bytes came", done, answer.ContentLength)
			}
			return result{Requests: 1, Seconds: time.Since(begin).Seconds()}, nil
		}
		if err != nil {
			return result{}, err
		}
		if done%burstBytes == 0 {
			_ = json.NewEncoder(os.Stdout).Encode(progress{Done: done})
			due := begin.Add(time.Duration(float64(done) / float64(rate) * float64(time.Second)))
			time.Sleep(time.Until(due))
		}
	}
}
