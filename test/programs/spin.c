/* Keeps one processor busy until it is killed, or whoever started it has gone. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (volatile unsigned long turns = 0;; turns++) {
  }
}
