package bench

import (
	"os"
	"syscall"
)

// peak is the most memory a process has held, in bytes; 0 where the system
// does not say.
func peak(state *os.ProcessState) int64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10 // Linux counts in KiB
	}
	return 0
}
