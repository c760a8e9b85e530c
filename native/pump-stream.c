/* What the owner does with streams. */
#define _GNU_SOURCE
#include "pump-parts.h"

#include <fcntl.h>
#include <stdlib.h>

enum { ORDINARY_PIPE_BYTES = 64 * 1024 };

struct pump_stream *pump_stream_new(struct pump_file *file, uint32_t owner_id, int fd, uint64_t max_bytes) {
  struct pump_stream *stream = calloc(1, sizeof(*stream));
  if (stream == NULL) {
    return NULL;
  }
  /* Less than usual where the kernel has granted a user all it will. */
  int capacity = fcntl(fd, F_GETPIPE_SZ);
  stream->subject.lane = file->subject.lane;
  stream->subject.owner_id = owner_id;
  stream->file = file;
  stream->pipe = fd;
  stream->max_bytes = max_bytes;
  stream->capacity = capacity > 0 ? (uint32_t)capacity : ORDINARY_PIPE_BYTES;
  pace_init(&stream->pace);
  pthread_mutex_lock(&file->subject.lane->lock);
  stream->previous_of_file = file->last_stream;
  *(file->last_stream == NULL ? &file->streams : &file->last_stream->next_of_file) = stream;
  file->last_stream = stream;
  if (!file->is_held) {
    make_ready(file);
  }
  pthread_mutex_unlock(&file->subject.lane->lock);
  return stream;
}

bool pump_stream_drain(struct pump_stream *stream) {
  pthread_mutex_lock(&stream->subject.lane->lock);
  bool has_ended = stream->state == ENDED;
  if (stream->state == FLOWING) {
    stream->is_draining = true;
    if (!stream->file->is_held) {
      make_ready(stream->file);
    }
  }
  pthread_mutex_unlock(&stream->subject.lane->lock);
  return has_ended;
}

bool pump_stream_part(struct pump_stream *stream) {
  pthread_mutex_lock(&stream->subject.lane->lock);
  if (stream->is_busy) {
    stream->is_part_wanted = true;
  } else if (stream->state == FLOWING) {
    stop_waiting(stream);
    stream->state = PARTED;
  }
  bool has_parted = !stream->is_busy;
  pthread_mutex_unlock(&stream->subject.lane->lock);
  return has_parted;
}

uint64_t pump_stream_bytes(struct pump_stream *stream) {
  pthread_mutex_lock(&stream->subject.lane->lock);
  uint64_t bytes = stream->bytes;
  pthread_mutex_unlock(&stream->subject.lane->lock);
  return bytes;
}

int pump_stream_delete(struct pump_stream *stream) {
  struct pump_lane *lane = stream->subject.lane;
  struct pump_file *file = stream->file;
  pthread_mutex_lock(&lane->lock);
  int pipe = stream->pipe;
  stop_waiting(stream);
  if (stream->is_wide) {
    atomic_fetch_sub(&lane->pump->wide_pipes, 1);
  }
  *(stream->previous_of_file == NULL ? &file->streams : &stream->previous_of_file->next_of_file) = stream->next_of_file;
  *(stream->next_of_file == NULL ? &file->last_stream : &stream->next_of_file->previous_of_file) =
      stream->previous_of_file;
  forget(&stream->subject);
  stream->next_deleted = lane->deleted_streams;
  lane->deleted_streams = stream;
  wake_lane(lane);
  pthread_mutex_unlock(&lane->lock);
  return pipe;
}
