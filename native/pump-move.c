/* From a pipe, or the queue of what was pushed, into a file. */
#define _GNU_SOURCE
#include "pump-parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often, at most, it is looked whether a file that grows still has a name; and after how many bytes at the latest. */
static const uint64_t look_ns = 250 * UINT64_C(1000000);
static const uint64_t look_bytes = 8 * 1024 * 1024;

/* The kernel's struct statx; that of the C library is not in every one. */
struct facts {
  uint32_t mask, block_size;
  uint64_t attributes;
  uint32_t links, uid, gid;
  uint16_t mode, spare;
  uint64_t inode, size;
  uint64_t rest[32];
};
enum { FACTS_OF_LINKS_AND_SIZE = 0x4 | 0x200, EMPTY_PATH = 0x1000 };

struct written {
  size_t bytes;
  int error;
};

/* Between these two the lane may be stuck. */
static void enter_call(struct pump_lane *lane) {
  pthread_mutex_unlock(&lane->lock);
  atomic_store_explicit(&lane->busy_since_ms, now_ns() / 1000000, memory_order_relaxed);
}

static void leave_call(struct pump_lane *lane) {
  atomic_store_explicit(&lane->busy_since_ms, 0, memory_order_relaxed);
  pthread_mutex_lock(&lane->lock);
}

static struct written write_all(int fd, const char *bytes, size_t length) {
  struct written result = {0};
  while (result.bytes < length) {
    ssize_t count = write(fd, bytes + result.bytes, length - result.bytes);
    if (count > 0) {
      result.bytes += (size_t)count;
    } else if (count == 0 || errno != EINTR) {
      result.error = count == 0 ? ENOSPC : errno;
      return result;
    }
  }
  return result;
}

static void hold(struct pump_file *file, uint32_t event) {
  file->is_held = true;
  tell(&file->subject, event);
}

/* Back from a call: the owner may have wished for something meanwhile. */
static void leave_file(struct pump_file *file) {
  file->is_busy = false;
  if (file->is_hold_wanted) {
    file->is_hold_wanted = false;
    hold(file, PUMP_HELD);
  }
}

static void leave_stream(struct pump_stream *stream) {
  stream->is_busy = false;
  if (stream->is_part_wanted && stream->state == FLOWING) {
    stop_waiting(stream);
    stream->state = PARTED;
    tell(&stream->subject, PUMP_PARTED);
  }
}

/* Whether the file may be written: it is not held, and has been seen to have a name lately. */
static bool is_open_to_writes(struct pump_lane *lane, struct pump_file *file) {
  if (file->is_held) {
    return false;
  }
  uint64_t now = now_ns();
  bool is_due = now >= file->look_at_ns || file->size - file->seen >= look_bytes;
  if (!is_due) {
    return true;
  }
  struct facts facts = {0};
  file->is_busy = true;
  int fd = file->fd;
  enter_call(lane);
  long failed = syscall(SYS_statx, fd, "", EMPTY_PATH, FACTS_OF_LINKS_AND_SIZE, &facts);
  leave_call(lane);
  leave_file(file);
  file->look_at_ns = now + look_ns;
  if (file->is_held) {
    return false;
  }
  if (failed == 0 && facts.links == 0) {
    hold(file, PUMP_REMOVED);
    return false;
  }
  if (failed == 0) {
    file->size = facts.size;
    file->seen = facts.size;
  }
  return true;
}

static void count_written(struct pump_file *file, const struct written *written, bool is_whole, uint64_t max_bytes) {
  file->size += written->bytes;
  if (written->bytes > 0 && file->is_followed) {
    tell(&file->subject, PUMP_WRITTEN);
  }
  if (written->error != 0) {
    file->subject.error = written->error;
    hold(file, PUMP_FAILED);
  } else if (is_whole && max_bytes > 0 && file->size >= max_bytes && now_ns() >= file->no_limit_until_ns) {
    file->reached = max_bytes;
    hold(file, PUMP_SIZE_REACHED);
  }
}

static void drop_first(struct pump_file *file) {
  struct chunk *chunk = file->first;
  file->first = chunk->next;
  if (file->first == NULL) {
    file->last = NULL;
    tell(&file->subject, PUMP_EMPTY);
  }
  free(chunk);
}

void flush_queue(struct pump_lane *lane, struct pump_file *file) {
  while (file->first != NULL && is_open_to_writes(lane, file) && file->first != NULL) {
    struct chunk *chunk = file->first;
    file->is_busy = true;
    int fd = file->fd;
    enter_call(lane);
    struct written written = write_all(fd, chunk->bytes + chunk->done, chunk->length - chunk->done);
    leave_call(lane);
    chunk->done += written.bytes;
    file->backlog -= written.bytes;
    atomic_fetch_sub(&lane->pump->backlog, written.bytes);
    bool is_whole = chunk->done == chunk->length;
    uint64_t max_bytes = chunk->max_bytes;
    if (is_whole) {
      drop_first(file);
    }
    count_written(file, &written, is_whole, max_bytes);
    leave_file(file);
  }
}

/* What a file did not take stays in front of all that comes. Without memory for that there is no daemon either. */
static void keep_rest(struct pump_stream *stream, const char *bytes, size_t length) {
  struct chunk *chunk = malloc(sizeof(*chunk) + length);
  if (chunk == NULL) {
    abort();
  }
  *chunk = (struct chunk){.length = length, .max_bytes = stream->max_bytes};
  memcpy(chunk->bytes, bytes, length);
  queue_chunk(stream->file, chunk, true);
}

void end_stream(struct pump_stream *stream) {
  stop_waiting(stream);
  if (stream->is_wide) {
    atomic_fetch_sub(&stream->subject.lane->pump->wide_pipes, 1);
    stream->is_wide = false;
  }
  close(stream->pipe);
  stream->pipe = -1;
  stream->state = ENDED;
  if (stream->is_draining || stream->is_part_wanted) {
    tell(&stream->subject, PUMP_ENDED);
  }
}

static ssize_t read_pipe(int fd, char *buffer, size_t most) {
  ssize_t count;
  do {
    count = read(fd, buffer, most);
  } while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

/* Not far beyond the limit of a file, however much a pipe may hold. */
static size_t most_to_read(const struct pump_file *file, uint64_t max_bytes) {
  uint64_t room = max_bytes > file->size ? max_bytes - file->size : 0;
  if (max_bytes == 0 || room >= BUFFER_BYTES) {
    return BUFFER_BYTES;
  }
  return room > LEAST_READ_BYTES ? (size_t)room : LEAST_READ_BYTES;
}

int64_t move_once(struct pump_lane *lane, struct pump_stream *stream) {
  struct pump_file *file = stream->file;
  flush_queue(lane, file);
  if (!is_open_to_writes(lane, file) || file->first != NULL || stream->state != FLOWING) {
    return MOVED_HELD;
  }
  stream->is_busy = file->is_busy = true;
  int pipe = stream->pipe, fd = file->fd;
  size_t most = most_to_read(file, stream->max_bytes);
  enter_call(lane);
  struct written written = {0};
  ssize_t count = read_pipe(pipe, lane->buffer, most);
  if (count > 0) {
    written = write_all(fd, lane->buffer, (size_t)count);
  }
  leave_call(lane);
  if (count > 0) {
    stream->bytes += (uint64_t)count;
    if (written.bytes < (size_t)count) {
      keep_rest(stream, lane->buffer + written.bytes, (size_t)count - written.bytes);
    }
    count_written(file, &written, true, stream->max_bytes);
  }
  leave_file(file);
  if (count == 0 || (count < 0 && count != -EAGAIN)) {
    end_stream(stream);
  }
  leave_stream(stream);
  return count > 0 ? count : count == -EAGAIN ? MOVED_NOTHING : MOVED_OVER;
}
