/* Slots and their records, for the parts of the pump; see pump-exact.h. */
#ifndef SUPERVISORD_PUMP_EXACT_PARTS_H
#define SUPERVISORD_PUMP_EXACT_PARTS_H

#include "pump-exact.h"

#include <stdatomic.h>
#include <sys/types.h>

enum exact_state { IDLE = 0, TAKING, TAKEN, WRITING, KEPT };

struct exact_record {
  uint32_t state;
  uint32_t pipe;         /* TAKING, TAKEN: which private one */
  uint32_t length, done; /* bytes in the slot; how many of them are in a file for sure */
  uint64_t device, inode, token;
  uint64_t size; /* WRITING: of the file, before */
  uint64_t spare[2];
};
_Static_assert(sizeof(struct exact_record) == 64, "a record is a line of the cache");

/* In the shared memory. The record in force is that of the lowest bit of `current`. */
struct exact_head {
  struct exact_record records[2];
  _Atomic uint64_t current;
  uint64_t spare[7];
};

struct exact_slot {
  struct exact_head *head;
  char *bytes;
  struct exact_record record;   /* the one in force */
  _Atomic bool is_used;         /* by a lane, or for bytes that wait for a file */
};

struct exact {
  struct exact_slot *slots;
  int pipes[PUMP_EXACT_MOST_PIPES][2];
  size_t pipe_count;
};

/* Which file is written to. */
struct exact_file {
  int fd;
  uint64_t device, inode, token;
  uint64_t size;  /* as far as known, which is exactly unless others write to it */
  bool is_shared; /* others do; its size is asked for before each write */
};

struct written {
  size_t bytes;
  int error;
};

/* A slot of its own for the lane with this private pipe, or NULL. */
struct exact_slot *exact_claim(struct exact *exact, size_t pipe);
void exact_release(struct exact_slot *slot);

/* At most so many bytes of a pipe into the slot; how many, or a negative errno. */
ssize_t exact_take(const struct exact *exact, struct exact_slot *slot, const struct exact_file *file, int pipe,
                   size_t most);

/* Looks how much of what was being written is in the file; returns how many bytes. It is not looked for again. */
size_t exact_settle(struct exact_slot *slot, int fd);

/* What is missing of a slot, to a file. The slot is idle afterwards unless there is an error. */
struct written exact_write(struct exact_slot *slot, const struct exact_file *file);

/* pump-exact-file.c: how many bytes of what was being written are in this file. */
size_t exact_find(const struct exact_slot *slot, int fd);

#endif
