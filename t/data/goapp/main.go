// A Go program to pull profiles from: it allocates, locks, blocks, inlines and
// labels, and counts what it does, so that sums of deltas can be held against
// its own counters.
//
// usage: goapp [-n FD] DIR [ADDRESS|unix:PATH]
//
// Writes its address to DIR/address and serves net/http/pprof, and /add?n=N,
// which allocates N objects in main.grow, and says how many there were so far.
// A newline goes to FD when it listens.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

type lump [1024]byte

var (
	mu    sync.Mutex
	count int
	last  *lump
)

// Small enough to be inlined into its callers.
func fresh() *lump {
	return new(lump)
}

//go:noinline
func grow(n int) {
	for i := 0; i < n; i++ {
		last = fresh()
	}
}

//go:noinline
func spin(until time.Time) (n int) {
	for time.Now().Before(until) {
		n++
	}
	return n
}

func contend() {
	for {
		mu.Lock()
		time.Sleep(time.Millisecond)
		mu.Unlock()
	}
}

func busy() {
	for {
		spin(time.Now().Add(2 * time.Millisecond))
		time.Sleep(8 * time.Millisecond)
	}
}

func wait(c chan int) {
	for range c {
	}
}

func work() {
	c := make(chan int)
	for i := 0; i < 3; i++ {
		go contend()
		go wait(c)
	}
	go pprof.Do(context.Background(), pprof.Labels("worker", "busy"),
		func(context.Context) { busy() })
	for {
		c <- 1
		time.Sleep(time.Millisecond)
	}
}

func main() {
	// Every allocation and every contention counts.
	runtime.MemProfileRate = 1
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	ready := flag.Int("n", -1, "write a newline there when ready")
	flag.Parse()
	address, network := "127.0.0.1:0", "tcp"
	if flag.NArg() > 1 {
		address = flag.Arg(1)
	}
	if strings.HasPrefix(address, "unix:") {
		network, address = "unix", address[5:]
	}
	l, err := net.Listen(network, address)
	if err != nil {
		log.Fatal(err)
	}
	err = os.WriteFile(filepath.Join(flag.Arg(0), "address"),
		[]byte(l.Addr().String()+"\n"), 0o644)
	if err != nil {
		log.Fatal(err)
	}
	var adding sync.Mutex
	http.HandleFunc("/add", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.FormValue("n"))
		adding.Lock()
		grow(n)
		count += n
		// The heap profile is of the last collection but one.
		runtime.GC()
		runtime.GC()
		fmt.Fprintln(w, count)
		adding.Unlock()
	})
	go work()
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() {
		<-term
		os.Exit(0)
	}()
	if *ready >= 0 {
		fd := os.NewFile(uintptr(*ready), "ready")
		fmt.Fprintln(fd)
		fd.Close()
	}
	log.Fatal(http.Serve(l, nil))
}
