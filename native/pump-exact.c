/* Slots of the shared memory: what is under way in them, and what a former process has left there. */
#define _GNU_SOURCE
#include "pump-exact-parts.h"
#include "pump-parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS = 64, SLOT_BYTES = BUFFER_BYTES, HEAD_BYTES = 16 * 1024 };

/* Whatever is changed in what lies here, or in its meaning, gets another number. */
static const uint64_t format = UINT64_C(0x7376645f70756d01);

struct memory {
  uint64_t format;
  uint64_t spare[7];
  struct exact_head heads[SLOTS];
};
_Static_assert(sizeof(struct memory) <= HEAD_BYTES, "the heads fit before the first slot");

static void put_in_force(struct exact_slot *slot) {
  uint64_t next = atomic_load_explicit(&slot->head->current, memory_order_relaxed) + 1;
  slot->head->records[next & 1] = slot->record;
  atomic_store_explicit(&slot->head->current, next, memory_order_release);
}

static void set_idle(struct exact_slot *slot) {
  slot->record = (struct exact_record){.state = IDLE};
  put_in_force(slot);
}

static int64_t bytes_in(int pipe) {
  int count;
  return ioctl(pipe, FIONREAD, &count) == 0 ? count : -errno;
}

static ssize_t read_again(int fd, char *bytes, size_t length) {
  ssize_t count;
  do {
    count = read(fd, bytes, length);
  } while (count < 0 && errno == EINTR);
  return count;
}

/* All of a private pipe, behind what is in the slot already. */
static bool read_private(const struct exact *exact, struct exact_slot *slot, size_t from) {
  int pipe = exact->pipes[slot->record.pipe][0];
  while (from < slot->record.length) {
    ssize_t count = read_again(pipe, slot->bytes + from, slot->record.length - from);
    if (count <= 0) {
      return false;
    }
    from += (size_t)count;
  }
  return true;
}

ssize_t exact_take(const struct exact *exact, struct exact_slot *slot, const struct exact_file *file, int pipe,
                   size_t most) {
  struct exact_record *record = &slot->record;
  ssize_t count;
  if (record->state != TAKING || record->inode != file->inode || record->device != file->device ||
      record->token != file->token) {
    record->state = TAKING;
    record->device = file->device;
    record->inode = file->inode;
    record->token = file->token;
    put_in_force(slot);
  }
  do {
    count = splice(pipe, NULL, exact->pipes[record->pipe][1], NULL, most, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) {
    return count < 0 ? -errno : 0;
  }
  record->state = TAKEN;
  record->length = (uint32_t)count;
  record->done = 0;
  put_in_force(slot);
  /* Nobody else reads there, and there is nothing that such a read could wait for. Otherwise nothing is sure any more. */
  if (!read_private(exact, slot, 0)) {
    abort();
  }
  return count;
}

struct written exact_write(struct exact_slot *slot, const struct exact_file *file) {
  struct exact_record *record = &slot->record;
  struct written result = {0};
  record->device = file->device;
  record->inode = file->inode;
  record->token = file->token;
  while (record->done < record->length) {
    record->state = WRITING;
    record->size = file->is_shared ? (uint64_t)lseek(file->fd, 0, SEEK_END) : file->size + result.bytes;
    put_in_force(slot);
    ssize_t count = write(file->fd, slot->bytes + record->done, record->length - record->done);
    if (count > 0) {
      record->done += (uint32_t)count;
      result.bytes += (size_t)count;
    } else if (count == 0 || errno != EINTR) {
      result.error = count == 0 ? ENOSPC : errno;
      record->state = KEPT;
      put_in_force(slot);
      return result;
    }
  }
  record->state = IDLE;
  put_in_force(slot);
  return result;
}

size_t exact_settle(struct exact_slot *slot, int fd) {
  size_t found = exact_find(slot, fd);
  slot->record.done += (uint32_t)found;
  slot->record.state = KEPT;
  put_in_force(slot);
  return found;
}

struct exact_slot *exact_claim(struct exact *exact, size_t pipe) {
  for (size_t i = 0; i < SLOTS; i++) {
    struct exact_slot *slot = &exact->slots[i];
    bool is_used = false;
    if (atomic_compare_exchange_strong(&slot->is_used, &is_used, true)) {
      slot->record.pipe = (uint32_t)pipe;
      return slot;
    }
  }
  return NULL;
}

void exact_release(struct exact_slot *slot) {
  set_idle(slot);
  madvise(slot->bytes, SLOT_BYTES, MADV_REMOVE);
  atomic_store(&slot->is_used, false);
}

/* What a process was killed in: brings into the slot what is still in the private pipe. False: there is something else in it. */
static bool recover(struct exact *exact, struct exact_slot *slot, bool seen[PUMP_EXACT_MOST_PIPES]) {
  struct exact_record *record = &slot->record;
  *record = slot->head->records[atomic_load(&slot->head->current) & 1];
  if (record->length > SLOT_BYTES || record->done > record->length || record->state > KEPT) {
    return false;
  }
  if (record->state == TAKING || record->state == TAKEN) {
    int64_t count = record->pipe < exact->pipe_count ? bytes_in(exact->pipes[record->pipe][0]) : -1;
    if (count < 0 || count > SLOT_BYTES || seen[record->pipe]) {
      return false;
    }
    seen[record->pipe] = true;
    if (record->state == TAKING) {
      record->state = TAKEN;
      record->length = (uint32_t)count;
      record->done = 0;
      put_in_force(slot);
    }
    if (count > record->length || !read_private(exact, slot, record->length - (size_t)count)) {
      return false;
    }
    record->state = record->length > 0 ? KEPT : IDLE;
    put_in_force(slot);
  }
  return true;
}

static bool recover_all(struct exact *exact) {
  bool seen[PUMP_EXACT_MOST_PIPES] = {false};
  for (size_t i = 0; i < SLOTS; i++) {
    if (!recover(exact, &exact->slots[i], seen)) {
      return false;
    }
    atomic_store(&exact->slots[i].is_used, exact->slots[i].record.state != IDLE);
  }
  for (size_t i = 0; i < exact->pipe_count; i++) {
    if (bytes_in(exact->pipes[i][0]) != 0) {
      return false;
    }
  }
  return true;
}

static struct memory *map_memory(int fd) {
  const off_t size = HEAD_BYTES + (off_t)SLOTS * SLOT_BYTES;
  off_t present = lseek(fd, 0, SEEK_END);
  if (present < 0 || (present > 0 && present != size)) {
    errno = present < 0 ? errno : EPROTO;
    return NULL;
  }
  if (present == 0 && ftruncate(fd, size) != 0) {
    return NULL;
  }
  struct memory *memory = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static void free_exact(struct exact *exact, struct memory *memory) {
  int error = errno;
  if (memory != NULL) {
    munmap(memory, HEAD_BYTES + (size_t)SLOTS * SLOT_BYTES);
  }
  free(exact->slots);
  free(exact);
  errno = error;
}

static int set_up(struct exact *exact, struct memory *memory) {
  for (size_t i = 0; i < SLOTS; i++) {
    exact->slots[i].head = &memory->heads[i];
    exact->slots[i].bytes = (char *)memory + HEAD_BYTES + i * SLOT_BYTES;
  }
  for (size_t i = 0; i < exact->pipe_count; i++) {
    /* As much as the widest of the children's, or they are emptied in more steps. */
    fcntl(exact->pipes[i][1], F_SETPIPE_SZ, SLOT_BYTES);
  }
  if (memory->format != 0 && memory->format != format) {
    return EPROTO;
  }
  if (!recover_all(exact)) {
    return EPROTO;
  }
  memory->format = format;
  return 0;
}

int pump_exact(struct pump *pump, int memory_fd, const int (*pipes)[2], size_t pipe_count) {
  if (pump->lane_count > 0 || pump->exact != NULL) {
    return EBUSY;
  }
  if (pipe_count == 0 || pipe_count > PUMP_EXACT_MOST_PIPES) {
    return EINVAL;
  }
  struct exact *exact = calloc(1, sizeof(*exact));
  if (exact == NULL) {
    return ENOMEM;
  }
  exact->pipe_count = pipe_count;
  memcpy(exact->pipes, pipes, exact->pipe_count * sizeof(*pipes));
  exact->slots = calloc(SLOTS, sizeof(*exact->slots));
  struct memory *memory = exact->slots == NULL ? NULL : map_memory(memory_fd);
  int error = memory == NULL ? errno : set_up(exact, memory);
  if (error != 0) {
    free_exact(exact, memory);
    return error;
  }
  pump->exact = exact;
  return 0;
}

size_t pump_exact_left(struct pump *pump, struct pump_left *left, size_t count) {
  size_t found = 0;
  for (uint32_t i = 0; pump->exact != NULL && i < SLOTS && found < count; i++) {
    const struct exact_record *record = &pump->exact->slots[i].record;
    if (record->state == WRITING || record->state == KEPT) {
      left[found++] =
          (struct pump_left){i, record->length - record->done, record->device, record->inode, record->token};
    }
  }
  return found;
}

bool pump_exact_resume(struct pump_file *file, uint32_t index) {
  struct pump_lane *lane = file->subject.lane;
  struct exact_slot *slot = &lane->pump->exact->slots[index];
  pthread_mutex_lock(&lane->lock);
  bool is_queued = queue_slot(file, slot, 0);
  if (is_queued) {
    file->is_unsettled = file->is_busy = slot->record.state == WRITING;
    make_ready(file);
  }
  pthread_mutex_unlock(&lane->lock);
  return is_queued;
}

void pump_exact_forget(struct pump *pump, uint32_t index) { exact_release(&pump->exact->slots[index]); }

void pump_exact_name(struct pump_file *file, uint64_t token) {
  pthread_mutex_lock(&file->subject.lane->lock);
  file->token = token;
  pthread_mutex_unlock(&file->subject.lane->lock);
}
