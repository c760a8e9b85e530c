/*
 * Memory that is read into again and again. Taking some from the system costs more than reading what goes into it, since each of
 * its pages is cleared and mapped at its first use.
 *
 * Shared by whoever has it and the jobs that read into it, any of which may be the last: a job on a file system that hangs is
 * over when its reader is long gone. Whoever reads a second time waits for the first to be over.
 */
#ifndef SUPERVISORD_BLOCK_H
#define SUPERVISORD_BLOCK_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct block {
  atomic_int owners;
  size_t length;
  uint8_t bytes[];
};

/* With one owner; NULL without memory. */
struct block *block_make(size_t length);
/* One owner more, or less; in any thread. */
void block_hold(struct block *block);
void block_release(struct block *block);

#endif
