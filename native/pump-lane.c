/* The thread of a file system: waits for pipes, looks at paced ones, writes what was pushed. */
#define _GNU_SOURCE
#include "pump-parts.h"
#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
  STACK_BYTES = 128 * 1024,
  EVENTS = 64,
  ORDINARY_PIPE_BYTES = 64 * 1024,
  /* Of a pipe that fills too fast for any interval. */
  WIDE_PIPE_BYTES = 1024 * 1024,
  /*
   * The kernel grants a user without privileges so many pages in all pipes together, and makes further pipes tiny when
   * they are used up. So only a few are widened at a time.
   */
  MAX_WIDE_PIPES = 8,
  /* Read within one window of time. */
  WIDEN_AT_BYTES = 256 * 1024,
  MILLISECOND_NS = 1000 * 1000,
  /* Of the kernel's, for the precision of the shortest interval. */
  TIMER_SLACK_NS = 20 * 1000,
};

static void remove_paced(struct pump_stream *stream) {
  struct paced *paced = &stream->subject.lane->paced[stream->pace.interval];
  *(stream->previous_paced == NULL ? &paced->first : &stream->previous_paced->next_paced) = stream->next_paced;
  *(stream->next_paced == NULL ? &paced->last : &stream->next_paced->previous_paced) = stream->previous_paced;
  paced->count--;
  stream->pace.interval = NO_PACE;
}

static void add_paced(struct pump_stream *stream, int interval, uint64_t now) {
  struct paced *paced = &stream->subject.lane->paced[interval];
  if (paced->count == 0) {
    paced->look_at_ns = now + pace_intervals_ns[interval];
  }
  stream->next_paced = NULL;
  stream->previous_paced = paced->last;
  *(paced->last == NULL ? &paced->first : &paced->last->next_paced) = stream;
  paced->last = stream;
  paced->count++;
  stream->pace.interval = (int8_t)interval;
}

static void disarm(struct pump_stream *stream) {
  if (stream->is_armed) {
    stream->is_armed = false;
    epoll_ctl(stream->subject.lane->epoll, EPOLL_CTL_DEL, stream->pipe, NULL);
  }
}

/* Where the kernel has no room for one more it is looked at now and then, always. */
static void arm(struct pump_stream *stream) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
  if (stream->is_armed || stream->pace.interval != NO_PACE) {
    return;
  }
  if (epoll_ctl(stream->subject.lane->epoll, EPOLL_CTL_ADD, stream->pipe, &event) == 0) {
    stream->is_armed = true;
  } else {
    add_paced(stream, 0, stream->subject.lane->now_ns);
  }
}

void stop_waiting(struct pump_stream *stream) {
  disarm(stream);
  if (stream->pace.interval != NO_PACE) {
    remove_paced(stream);
  }
}

/* Looked at every so often, or, with NO_PACE, waited for. */
static void set_pace(struct pump_stream *stream, int interval, uint64_t now) {
  if (interval == stream->pace.interval) {
    return;
  }
  stop_waiting(stream);
  if (interval == NO_PACE) {
    arm(stream);
  } else {
    add_paced(stream, interval, now);
  }
}

/* Once it fills faster than can be looked at it. */
static void widen(struct pump_stream *stream) {
  struct pump *pump = stream->subject.lane->pump;
  if (stream->is_wide || stream->pace.rate + stream->pace.bytes < WIDEN_AT_BYTES) {
    return;
  }
  if (atomic_fetch_add(&pump->wide_pipes, 1) < MAX_WIDE_PIPES) {
    int bytes = fcntl(stream->pipe, F_SETPIPE_SZ, WIDE_PIPE_BYTES);
    if (bytes >= ORDINARY_PIPE_BYTES) {
      stream->is_wide = true;
      stream->capacity = (uint32_t)bytes;
      return;
    }
  }
  atomic_fetch_sub(&pump->wide_pipes, 1);
}

/* A pipe says that it has something. */
static void on_event(struct pump_lane *lane, struct pump_stream *stream) {
  if (stream->subject.is_deleted || !stream->is_armed) {
    return;
  }
  int64_t count = move_once(lane, stream);
  if (count <= 0 || stream->state != FLOWING || stream->file->is_held) {
    if (stream->file->is_held) {
      disarm(stream);
    }
    return;
  }
  uint64_t now = lane->now_ns;
  int interval = pace_after_event(&stream->pace, now, (uint64_t)count, stream->capacity);
  if (interval == NO_PACE) {
    widen(stream);
  }
  set_pace(stream, interval, now);
}

static void look(struct pump_lane *lane, struct pump_stream *stream) {
  int64_t count = move_once(lane, stream);
  if (stream->subject.is_deleted || stream->state != FLOWING || stream->pace.interval == NO_PACE) {
    return;
  }
  if (stream->file->is_held) {
    stop_waiting(stream);
    return;
  }
  int interval =
      count > 0 ? pace_after_look(&stream->pace, lane->now_ns, (uint64_t)count, stream->capacity) : NO_PACE;
  set_pace(stream, interval, lane->now_ns);
}

/* What is looked at goes to the end of the list, so that each gets its turn whatever comes and goes meanwhile. */
static void look_at_paced(struct pump_lane *lane) {
  for (int i = 0; i < PACES; i++) {
    struct paced *paced = &lane->paced[i];
    uint64_t now = lane->now_ns;
    if (paced->count == 0 || now < paced->look_at_ns) {
      continue;
    }
    paced->look_at_ns = now + pace_intervals_ns[i];
    for (size_t left = paced->count; left > 0 && paced->first != NULL; left--) {
      struct pump_stream *stream = paced->first;
      remove_paced(stream);
      add_paced(stream, i, now);
      look(lane, stream);
    }
  }
}

/* The rest of a stream whose child has ended, as far as the file takes it. */
static void drain(struct pump_lane *lane, struct pump_stream *stream) {
  /* The largest pipe an ordinary user can make. Who still writes after that is not the process that ended. */
  const uint64_t most = 1024 * 1024;
  while (stream->state == FLOWING && !stream->subject.is_deleted) {
    int64_t count = stream->drained >= most ? MOVED_NOTHING : move_once(lane, stream);
    if (count == MOVED_HELD) {
      return;
    }
    if (count == MOVED_NOTHING && stream->state == FLOWING) {
      end_stream(stream);
    } else if (count > 0) {
      stream->drained += (uint64_t)count;
    }
  }
}

void make_ready(struct pump_file *file) {
  struct pump_lane *lane = file->subject.lane;
  if (!file->is_ready) {
    file->is_ready = true;
    file->next_ready = NULL;
    file->previous_ready = lane->last_ready;
    *(lane->last_ready == NULL ? &lane->ready : &lane->last_ready->next_ready) = file;
    lane->last_ready = file;
  }
  wake_lane(lane);
}

void leave_ready(struct pump_file *file) {
  struct pump_lane *lane = file->subject.lane;
  if (file->is_ready) {
    *(file->previous_ready == NULL ? &lane->ready : &file->previous_ready->next_ready) = file->next_ready;
    *(file->next_ready == NULL ? &lane->last_ready : &file->next_ready->previous_ready) = file->previous_ready;
    file->is_ready = false;
  }
}

/* Streams may come and go, which begins this anew, since the list may not be what it was. */
static struct pump_stream *next_to_drain(const struct pump_file *file) {
  struct pump_stream *stream = file->streams;
  while (stream != NULL && !(stream->is_draining && stream->state == FLOWING)) {
    stream = stream->next_of_file;
  }
  return stream;
}

static void serve(struct pump_lane *lane, struct pump_file *file) {
  settle_first(lane, file);
  flush_queue(lane, file);
  for (struct pump_stream *next = next_to_drain(file); next != NULL && !file->is_held; next = next_to_drain(file)) {
    drain(lane, next);
  }
  if (file->is_held || file->subject.is_deleted) {
    return;
  }
  for (struct pump_stream *stream = file->streams; stream != NULL; stream = stream->next_of_file) {
    if (stream->state == FLOWING) {
      arm(stream);
    }
  }
}

/* Not what becomes ready meanwhile, or an owner who never stops would keep the lane from its pipes. */
static void serve_ready(struct pump_lane *lane) {
  struct pump_file *last = lane->last_ready;
  for (struct pump_file *file = NULL; file != last && lane->ready != NULL;) {
    file = lane->ready;
    leave_ready(file);
    serve(lane, file);
  }
}

static void free_deleted(struct pump_lane *lane) {
  while (lane->deleted_streams != NULL) {
    struct pump_stream *stream = lane->deleted_streams;
    lane->deleted_streams = stream->next_deleted;
    free(stream);
  }
  while (lane->deleted_files != NULL) {
    struct pump_file *file = lane->deleted_files;
    lane->deleted_files = file->next_deleted;
    free_file(file);
  }
}

/* Nanoseconds until a paced pipe is to be looked at; negative: none is. */
static int64_t time_to_look(const struct pump_lane *lane) {
  uint64_t first = UINT64_MAX;
  for (int i = 0; i < PACES; i++) {
    if (lane->paced[i].count > 0 && lane->paced[i].look_at_ns < first) {
      first = lane->paced[i].look_at_ns;
    }
  }
  if (first == UINT64_MAX) {
    return -1;
  }
  return first <= lane->now_ns ? 0 : (int64_t)(first - lane->now_ns);
}

/* epoll_pwait2 is Linux 5.11's; without it the shortest intervals are a millisecond. */
static int wait_for_events(struct pump_lane *lane, struct epoll_event *events, int64_t limit_ns) {
#ifdef SYS_epoll_pwait2
  static _Atomic bool is_missing;
  if (limit_ns > 0 && limit_ns < 10 * MILLISECOND_NS && !atomic_load(&is_missing)) {
    struct timespec limit = {.tv_sec = 0, .tv_nsec = (long)limit_ns};
    int count = (int)syscall(SYS_epoll_pwait2, lane->epoll, events, EVENTS, &limit, NULL, 0);
    if (count >= 0 || errno != ENOSYS) {
      return count;
    }
    atomic_store(&is_missing, true);
  }
#endif
  int limit_ms = limit_ns < 0 ? -1 : (int)((limit_ns + MILLISECOND_NS - 1) / MILLISECOND_NS);
  return epoll_wait(lane->epoll, events, EVENTS, limit_ms);
}

static void clear_wake(struct pump_lane *lane) {
  uint64_t wakes;
  lane->is_woken = false;
  while (read(lane->wake, &wakes, sizeof(wakes)) < 0 && errno == EINTR) {
  }
}

static void *run(void *data) {
  struct pump_lane *lane = data;
  struct epoll_event events[EVENTS];
  prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS);
  lane->now_ns = now_ns();
  pthread_mutex_lock(&lane->lock);
  for (;;) {
    free_deleted(lane);
    serve_ready(lane);
    look_at_paced(lane);
    int64_t limit_ns = lane->ready != NULL ? 0 : time_to_look(lane);
    pthread_mutex_unlock(&lane->lock);
    int count = wait_for_events(lane, events, limit_ns);
    lane->now_ns = now_ns();
    pthread_mutex_lock(&lane->lock);
    for (int i = 0; i < count; i++) {
      if (events[i].data.ptr == NULL) {
        clear_wake(lane);
      } else {
        on_event(lane, events[i].data.ptr);
      }
    }
  }
  return NULL;
}

void wake_lane(struct pump_lane *lane) {
  uint64_t one = 1;
  if (!lane->is_woken) {
    lane->is_woken = true;
    while (write(lane->wake, &one, sizeof(one)) < 0 && errno == EINTR) {
    }
  }
}

static bool start_thread(struct pump_lane *lane) {
  errno = start_detached_thread(run, lane, STACK_BYTES);
  return errno == 0;
}

static void free_lane(struct pump_lane *lane) {
  int error = errno;
  if (lane->epoll >= 0) {
    close(lane->epoll);
  }
  if (lane->wake >= 0) {
    close(lane->wake);
  }
  if (lane->buffer != MAP_FAILED) {
    munmap(lane->buffer, BUFFER_BYTES);
  }
  free(lane);
  errno = error;
}

static struct pump_lane *make_lane(struct pump *pump, uint64_t device) {
  struct pump_lane *lane = calloc(1, sizeof(*lane));
  if (lane == NULL) {
    return NULL;
  }
  lane->pump = pump;
  lane->device = device;
  lane->index = pump->lane_count;
  lane->epoll = epoll_create1(EPOLL_CLOEXEC);
  lane->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  lane->buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_mutex_init(&lane->lock, NULL);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (lane->epoll < 0 || lane->wake < 0 || lane->buffer == MAP_FAILED ||
      epoll_ctl(lane->epoll, EPOLL_CTL_ADD, lane->wake, &event) != 0 || !start_thread(lane)) {
    free_lane(lane);
    return NULL;
  }
  return lane;
}

/* Beyond that file systems share them. In exact mode each has a private pipe. */
static size_t most_lanes(const struct pump *pump) {
  return pump->exact != NULL ? pump->exact->pipe_count : MAX_LANES;
}

struct pump_lane *lane_for(struct pump *pump, uint64_t device) {
  for (size_t i = 0; i < pump->lane_count; i++) {
    if (pump->lanes[i]->device == device) {
      return pump->lanes[i];
    }
  }
  const size_t most = most_lanes(pump);
  if (pump->lane_count == most) {
    return pump->lanes[device % most];
  }
  struct pump_lane *lane = make_lane(pump, device);
  if (lane != NULL) {
    pump->lanes[pump->lane_count++] = lane;
  }
  return lane;
}
