/*
 * What the parts of the pump share.
 *
 * The lock of a lane guards everything of its files and streams. A lane lets go of it for each call on a pipe or file; what
 * such a call is about is *busy* meanwhile, and the owner's wishes wait until it is not. Locks are taken in the
 * order lane, notes. What the owner deletes is freed by the lane, at the top of its loop, where it has no pointer to it.
 */
#ifndef SUPERVISORD_PUMP_PARTS_H
#define SUPERVISORD_PUMP_PARTS_H

#include "pump-exact-parts.h"
#include "pump-pace.h"
#include "pump.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
  MAX_LANES = PUMP_EXACT_MOST_PIPES,
  /* At least what a wide pipe holds, so that one read empties it. */
  BUFFER_BYTES = 1024 * 1024,
  LEAST_READ_BYTES = 64 * 1024,
};

struct pump_lane;

/* What notes are about: the head of each file and stream. */
struct subject {
  struct pump_lane *lane;
  uint32_t owner_id;
  uint32_t events; /* not told yet */
  int error;
  bool is_deleted;
  /* In the pump's list of those with something to tell; guarded by its lock. */
  bool is_listed;
  struct subject *next, *previous;
};

/* Bytes that wait for a file. */
struct chunk {
  struct chunk *next;
  uint64_t max_bytes;
  size_t length, done;
  struct exact_slot *slot; /* that the bytes are in, or NULL */
  char bytes[];
};

struct pump_file {
  struct subject subject; /* first */
  int fd;
  uint64_t size, seen, reached;
  uint64_t device, inode, token; /* in exact mode; inode 0: not known yet */
  uint64_t look_at_ns; /* whether it has a name */
  uint64_t no_limit_until_ns;
  bool is_shared; /* in exact mode: it was found with another size than it had when it was written last */
  /* Busy until it has been seen how much of its first chunk it holds. */
  bool is_unsettled;
  bool is_held, is_busy, is_ready, is_followed, is_hold_wanted;
  struct chunk *first, *last;
  uint64_t backlog;
  /* In the order in which they came: what has ended is drained before what came after it is read. */
  struct pump_stream *streams, *last_stream;
  struct pump_file *next_ready, *previous_ready;
  struct pump_file *next_deleted;
};

enum stream_state { FLOWING, ENDED, PARTED };

struct pump_stream {
  struct subject subject; /* first */
  struct pump_file *file;
  int pipe;
  enum stream_state state;
  bool is_busy, is_armed, is_draining, is_part_wanted, is_wide;
  uint64_t bytes, drained, max_bytes;
  uint32_t capacity;
  struct pace pace;
  struct pump_stream *next_of_file, *previous_of_file;
  struct pump_stream *next_paced, *previous_paced;
  struct pump_stream *next_deleted;
};

struct paced {
  struct pump_stream *first, *last;
  size_t count;
  uint64_t look_at_ns;
};

struct pump_lane {
  struct pump *pump;
  uint64_t device;
  size_t index;
  pthread_mutex_t lock;
  int epoll, wake;
  bool is_woken;
  _Atomic uint64_t busy_since_ms; /* 0: in no call on a file */
  /* The lane's own: the time after its last call or wait, and where bytes are between pipe and file. */
  uint64_t now_ns;
  char *buffer;
  struct exact_slot *slot; /* in exact mode, instead of the buffer */
  /* With something to do that no pipe tells of. */
  struct pump_file *ready, *last_ready;
  struct paced paced[PACES];
  struct pump_file *deleted_files;
  struct pump_stream *deleted_streams;
};

struct pump {
  int wake;
  pthread_mutex_t notes_lock;
  struct subject *first, *last;
  struct pump_lane *lanes[MAX_LANES];
  size_t lane_count;
  struct exact *exact; /* NULL: bytes may be lost by a kill */
  _Atomic int wide_pipes;
  /* Bytes in all queues. */
  _Atomic uint64_t backlog;
};

uint64_t now_ns(void);

/* pump.c; with the lane's lock. */
void tell(struct subject *subject, uint32_t events);
void forget(struct subject *subject);

/* pump-lane.c; with the lane's lock where there is a lane. */
struct pump_lane *lane_for(struct pump *pump, uint64_t device);
void wake_lane(struct pump_lane *lane);
void make_ready(struct pump_file *file);
void leave_ready(struct pump_file *file);
void stop_waiting(struct pump_stream *stream);

/* pump-move.c; with the lane's lock, which is let go of in between. */
enum moved { MOVED_NOTHING = 0, MOVED_HELD = -1, MOVED_OVER = -2 };
int64_t move_once(struct pump_lane *lane, struct pump_stream *stream);
void settle_first(struct pump_lane *lane, struct pump_file *file);
void flush_queue(struct pump_lane *lane, struct pump_file *file);
void end_stream(struct pump_stream *stream);

/* pump-file.c */
void queue_chunk(struct pump_file *file, struct chunk *chunk, bool at_front);
bool queue_slot(struct pump_file *file, struct exact_slot *slot, uint64_t max_bytes);
void free_chunk(struct chunk *chunk);
void free_file(struct pump_file *file);

#endif
