/* From a pipe, or the queue of what was pushed, into a file. */
#define _GNU_SOURCE
#include "look.h"
#include "pump-parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often, at most, it is looked whether a file that grows still has a name; and after how many bytes at the latest. */
static const uint64_t look_ns = 250 * UINT64_C(1000000);
static const uint64_t look_bytes = 8 * 1024 * 1024;

/* Between these two the lane may be stuck. */
static void enter_call(struct pump_lane *lane) {
  pthread_mutex_unlock(&lane->lock);
  atomic_store_explicit(&lane->busy_since_ms, lane->now_ns / 1000000, memory_order_relaxed);
}

static void leave_call(struct pump_lane *lane) {
  atomic_store_explicit(&lane->busy_since_ms, 0, memory_order_relaxed);
  lane->now_ns = now_ns();
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
  uint64_t now = lane->now_ns;
  bool is_due = now >= file->look_at_ns || file->size - file->seen >= look_bytes ||
                (lane->pump->exact != NULL && file->inode == 0);
  if (!is_due) {
    return true;
  }
  struct seen facts;
  file->is_busy = true;
  int fd = file->fd;
  enter_call(lane);
  int error = look_at_fd(fd, &facts);
  leave_call(lane);
  leave_file(file);
  file->look_at_ns = now + look_ns;
  if (file->is_held) {
    return false;
  }
  if (error != 0 && lane->pump->exact != NULL && file->inode == 0) {
    /* What is under way for a file that nobody could find again is not taken from its pipe. */
    file->subject.error = error;
    hold(file, PUMP_FAILED);
    return false;
  }
  if (error == 0 && facts.links == 0) {
    hold(file, PUMP_REMOVED);
    return false;
  }
  if (error == 0) {
    file->is_shared = file->is_shared || file->size != (uint64_t)facts.bytes;
    file->size = (uint64_t)facts.bytes;
    file->seen = file->size;
    file->inode = facts.inode;
    file->device = facts.device;
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
  } else if (is_whole && max_bytes > 0 && file->size >= max_bytes &&
             file->subject.lane->now_ns >= file->no_limit_until_ns) {
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
  free_chunk(chunk);
}

static void count_done(struct pump_file *file, struct chunk *chunk, size_t bytes) {
  chunk->done += bytes;
  file->backlog -= bytes;
  atomic_fetch_sub(&file->subject.lane->pump->backlog, bytes);
}

static struct exact_file exactly(const struct pump_file *file) {
  return (struct exact_file){
      .fd = file->fd,
      .device = file->device,
      .inode = file->inode,
      .token = file->token,
      .size = file->size,
      .is_shared = file->is_shared,
  };
}

void settle_first(struct pump_lane *lane, struct pump_file *file) {
  struct chunk *chunk = file->first;
  if (!file->is_unsettled) {
    return;
  }
  int fd = file->fd;
  enter_call(lane);
  size_t found = exact_settle(chunk->slot, fd);
  leave_call(lane);
  file->is_unsettled = false;
  count_done(file, chunk, found);
  leave_file(file);
}

void flush_queue(struct pump_lane *lane, struct pump_file *file) {
  while (file->first != NULL && is_open_to_writes(lane, file) && file->first != NULL) {
    struct chunk *chunk = file->first;
    file->is_busy = true;
    struct exact_file target = exactly(file);
    enter_call(lane);
    struct written written =
        chunk->slot != NULL ? exact_write(chunk->slot, &target)
                            : write_all(target.fd, chunk->bytes + chunk->done, chunk->length - chunk->done);
    leave_call(lane);
    count_done(file, chunk, written.bytes);
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
static void keep_rest(struct pump_lane *lane, struct pump_stream *stream, const char *bytes, size_t length) {
  if (lane->slot != NULL) {
    if (!queue_slot(stream->file, lane->slot, stream->max_bytes)) {
      abort();
    }
    lane->slot = NULL;
    return;
  }
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

/* Whether there is a place for bytes between pipe and file. In exact mode files that cannot be written may have taken all. */
static bool has_place(struct pump_lane *lane, struct pump_file *file) {
  struct exact *exact = lane->pump->exact;
  if (exact != NULL && lane->slot == NULL) {
    lane->slot = exact_claim(exact, lane->index);
    if (lane->slot == NULL) {
      file->subject.error = EAGAIN;
      hold(file, PUMP_FAILED);
      return false;
    }
  }
  return true;
}

int64_t move_once(struct pump_lane *lane, struct pump_stream *stream) {
  struct pump_file *file = stream->file;
  flush_queue(lane, file);
  if (!is_open_to_writes(lane, file) || file->first != NULL || stream->state != FLOWING || !has_place(lane, file)) {
    return MOVED_HELD;
  }
  stream->is_busy = file->is_busy = true;
  int pipe = stream->pipe;
  struct exact_file target = exactly(file);
  size_t most = most_to_read(file, stream->max_bytes);
  enter_call(lane);
  struct written written = {0};
  ssize_t count = lane->slot != NULL ? exact_take(lane->pump->exact, lane->slot, &target, pipe, most)
                                     : read_pipe(pipe, lane->buffer, most);
  if (count > 0) {
    written = lane->slot != NULL ? exact_write(lane->slot, &target)
                                 : write_all(target.fd, lane->buffer, (size_t)count);
  }
  leave_call(lane);
  if (count > 0) {
    stream->bytes += (uint64_t)count;
    if (written.bytes < (size_t)count) {
      keep_rest(lane, stream, lane->buffer + written.bytes, (size_t)count - written.bytes);
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
