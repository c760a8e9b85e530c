/*
 * The pump: moves what programs write from their pipes into their logs, beside the event loop.
 *
 * A *file* is a log that is open for appending; a *stream* is a pipe whose bytes go into a file. A *lane* is a thread with
 * all files of one file system: one that hangs stops its own lane and no other. Lanes know descriptors, sizes and limits,
 * and neither paths nor policy: what is to be decided they tell, and the file is *held* until the owner says how it goes on.
 *
 * All functions but lane threads' own are for one thread, the owner's, and none of them waits for a file system. There is
 * nothing of Node-API here; pump-binding.c joins the two. Memory is taken when something is added, never while bytes are moved.
 */
#ifndef SUPERVISORD_PUMP_H
#define SUPERVISORD_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pump;
struct pump_file;
struct pump_stream;

/* What has happened to a file or stream; bits, so that what happens again before it was taken costs nothing. */
enum pump_event {
  PUMP_SIZE_REACHED = 1,  /* file, held: a write has reached the limit of who wrote */
  PUMP_FAILED = 2,        /* file, held: a write failed, see the errno; what it did not take is first in the queue */
  PUMP_REMOVED = 4,       /* file, held: it has no name any more */
  PUMP_HELD = 8,          /* file, held: as the owner has asked for */
  PUMP_WRITTEN = 16,      /* file: grew, told while it is followed */
  PUMP_EMPTY = 32,        /* file: all that was pushed is written */
  PUMP_ENDED = 64,        /* stream: drained; what it had is in the file or its queue, and the pipe is closed */
  PUMP_PARTED = 128,      /* stream: no longer read, as the owner has asked for */
};

struct pump_note {
  uint32_t owner_id;
  uint32_t events;
  int error;
};

/* NULL with errno when there is no memory or descriptor. `wake_fd` becomes readable when there are notes. */
struct pump *pump_new(int *wake_fd);

/* Takes up to `count` notes; returns how many. Wakes again by itself if there are more. */
size_t pump_take_notes(struct pump *pump, struct pump_note *notes, size_t count);

/*
 * Takes over a file's descriptor. `device` says which lane; `size` what it holds now. NULL with errno.
 * `owner_id` comes back in notes.
 */
struct pump_file *pump_file_new(struct pump *pump, uint32_t owner_id, int fd, uint64_t device, uint64_t size);

/*
 * Appends a copy of bytes, in order with all that is pushed; at the front, and only while the file is held, for those of an
 * earlier file. False: no memory.
 */
bool pump_file_push(struct pump_file *file, const void *bytes, size_t length, uint64_t max_bytes, bool at_front);

/* Nothing is written from when this returns true, or PUMP_HELD is told. */
bool pump_file_hold(struct pump_file *file);

/* How a held file goes on. */
struct pump_way {
  int fd;                     /* in another descriptor; -1: in the same */
  int64_t size;               /* what it holds now; negative: as far as known */
  uint32_t no_limit_for_ms;   /* so long PUMP_SIZE_REACHED is not told */
  uint32_t no_look_for_ms;    /* so long it is not looked whether the file has a name */
};

/* Returns the former descriptor if there is another now, the owner's to close, or -1. */
int pump_file_go_on(struct pump_file *file, const struct pump_way *way);

/* Whether PUMP_WRITTEN is told. */
void pump_file_follow(struct pump_file *file, bool on);

/* Bytes that were pushed or left over and are not written yet. */
uint64_t pump_file_backlog(struct pump_file *file);

struct pump_sizes {
  uint64_t size;    /* as far as known */
  uint64_t seen;    /* what of it was there when the file was last seen to have a name */
  uint64_t reached; /* the limit that PUMP_SIZE_REACHED was told for */
};
void pump_file_sizes(struct pump_file *file, struct pump_sizes *sizes);

/* Gives up a held file without streams: its descriptor, the owner's to close. What is in its queue is gone. */
int pump_file_delete(struct pump_file *file);

/* How many milliseconds the lane of this file has been in one call on a file; 0: it is in none. */
uint64_t pump_file_busy_for(struct pump_file *file);

/* Takes over the non-blocking reading end of a pipe. Beyond `max_bytes` of its file PUMP_SIZE_REACHED is told; 0: never. */
struct pump_stream *pump_stream_new(struct pump_file *file, uint32_t owner_id, int fd, uint64_t max_bytes);

/*
 * The child has ended: what is in the pipe now is the rest. True when the stream has ended already, else PUMP_ENDED is told, or
 * PUMP_PARTED when that was asked for before.
 */
bool pump_stream_drain(struct pump_stream *stream);

/* Stops reading the pipe. True when it has, else PUMP_PARTED (or PUMP_ENDED) is told. */
bool pump_stream_part(struct pump_stream *stream);

/* Bytes read so far. */
uint64_t pump_stream_bytes(struct pump_stream *stream);

/* Gives up a stream that has ended or parted: the descriptor of its pipe, the owner's to close, or -1 when it has ended. */
int pump_stream_delete(struct pump_stream *stream);

/*
 * Waits until all that was pushed is written, for so many milliseconds at most. For the end of the process: the only
 * function that waits.
 */
void pump_settle(struct pump *pump, uint32_t limit_ms);

#endif
