/* What the owner does with files. */
#define _GNU_SOURCE
#include "pump-parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct pump_file *pump_file_new(struct pump *pump, uint32_t owner_id, int fd, uint64_t device, uint64_t size) {
  struct pump_lane *lane = lane_for(pump, device);
  struct pump_file *file = lane == NULL ? NULL : calloc(1, sizeof(*file));
  if (file == NULL) {
    return NULL;
  }
  file->subject.lane = lane;
  file->subject.owner_id = owner_id;
  file->fd = fd;
  file->size = size;
  file->seen = size;
  return file;
}

void queue_chunk(struct pump_file *file, struct chunk *chunk, bool at_front) {
  if (at_front || file->first == NULL) {
    chunk->next = file->first;
    file->first = chunk;
    if (chunk->next == NULL) {
      file->last = chunk;
    }
  } else {
    chunk->next = NULL;
    file->last->next = chunk;
    file->last = chunk;
  }
  file->backlog += chunk->length;
  atomic_fetch_add(&file->subject.lane->pump->backlog, chunk->length);
}

bool queue_slot(struct pump_file *file, struct exact_slot *slot, uint64_t max_bytes) {
  struct chunk *chunk = malloc(sizeof(*chunk));
  if (chunk != NULL) {
    *chunk = (struct chunk){.length = slot->record.length - slot->record.done, .max_bytes = max_bytes, .slot = slot};
    queue_chunk(file, chunk, true);
  }
  return chunk != NULL;
}

bool pump_file_push(struct pump_file *file, const void *bytes, size_t length, uint64_t max_bytes, bool at_front) {
  struct chunk *chunk = malloc(sizeof(*chunk) + length);
  if (chunk == NULL) {
    return false;
  }
  *chunk = (struct chunk){.length = length, .max_bytes = max_bytes};
  memcpy(chunk->bytes, bytes, length);
  pthread_mutex_lock(&file->subject.lane->lock);
  queue_chunk(file, chunk, at_front);
  if (!file->is_held) {
    make_ready(file);
  }
  pthread_mutex_unlock(&file->subject.lane->lock);
  return true;
}

bool pump_file_hold(struct pump_file *file) {
  pthread_mutex_lock(&file->subject.lane->lock);
  if (file->is_busy) {
    file->is_hold_wanted = true;
  } else {
    file->is_held = true;
    /* Whatever made it so is dealt with by who asks. */
    file->subject.events &= ~(uint32_t)PUMP_HELD;
  }
  bool is_held = file->is_held;
  pthread_mutex_unlock(&file->subject.lane->lock);
  return is_held;
}

int pump_file_go_on(struct pump_file *file, const struct pump_way *way) {
  uint64_t now = now_ns();
  int former = -1;
  pthread_mutex_lock(&file->subject.lane->lock);
  if (way->fd >= 0) {
    former = file->fd;
    file->fd = way->fd;
    file->inode = 0;
    file->is_shared = false;
    file->look_at_ns = 0;
  }
  if (way->size >= 0) {
    file->size = (uint64_t)way->size;
    file->seen = file->size;
  }
  if (way->no_limit_for_ms > 0) {
    file->no_limit_until_ns = now + way->no_limit_for_ms * UINT64_C(1000000);
  }
  if (way->no_look_for_ms > 0) {
    file->look_at_ns = now + way->no_look_for_ms * UINT64_C(1000000);
  }
  file->is_held = false;
  make_ready(file);
  pthread_mutex_unlock(&file->subject.lane->lock);
  return former;
}

void pump_file_follow(struct pump_file *file, bool on) {
  pthread_mutex_lock(&file->subject.lane->lock);
  file->is_followed = on;
  pthread_mutex_unlock(&file->subject.lane->lock);
}

uint64_t pump_file_backlog(struct pump_file *file) {
  pthread_mutex_lock(&file->subject.lane->lock);
  uint64_t backlog = file->backlog;
  pthread_mutex_unlock(&file->subject.lane->lock);
  return backlog;
}

void pump_file_sizes(struct pump_file *file, struct pump_sizes *sizes) {
  pthread_mutex_lock(&file->subject.lane->lock);
  *sizes = (struct pump_sizes){file->size, file->seen, file->reached};
  pthread_mutex_unlock(&file->subject.lane->lock);
}

void free_chunk(struct chunk *chunk) {
  if (chunk->slot != NULL) {
    exact_release(chunk->slot);
  }
  free(chunk);
}

void free_file(struct pump_file *file) {
  while (file->first != NULL) {
    struct chunk *next = file->first->next;
    free_chunk(file->first);
    file->first = next;
  }
  free(file);
}

int pump_file_delete(struct pump_file *file) {
  struct pump_lane *lane = file->subject.lane;
  pthread_mutex_lock(&lane->lock);
  int fd = file->fd;
  leave_ready(file);
  atomic_fetch_sub(&lane->pump->backlog, file->backlog);
  forget(&file->subject);
  file->next_deleted = lane->deleted_files;
  lane->deleted_files = file;
  wake_lane(lane);
  pthread_mutex_unlock(&lane->lock);
  return fd;
}

uint64_t pump_file_busy_for(struct pump_file *file) {
  uint64_t since_ms = atomic_load_explicit(&file->subject.lane->busy_since_ms, memory_order_relaxed);
  uint64_t now_ms = now_ns() / 1000000;
  return since_ms == 0 || now_ms < since_ms ? 0 : now_ms - since_ms;
}
