/*
 * Anything an owner may do, in any order, against a model of what the logs must hold then.
 *
 * Each byte says whose it is: its high half is the number of its source in the log, its low half follows from its position in
 * what that source has written. So a log may mix its sources as it likes, and still each byte that is lost, doubled or
 * out of order is seen. Source 0 is what the owner pushes; of that the model keeps the bytes themselves, since some are put in
 * front of others.
 */
#define _GNU_SOURCE
#include "../pump-exact.h"
#include "faults.h"
#include "test.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LOGS = 4, SOURCES = 16, DEVICES = 3, OPERATIONS = 100, MOST_BYTES = 70000 };

struct source {
  struct pump_stream *stream; /* NULL: there is none, and the number is free */
  uint32_t id;
  int reader, writer;
  int kept_reader, kept_writer; /* as another process holds them; -1: none does */
  bool is_draining, is_parting, has_ended, has_parted;
  uint64_t written;
};

struct log {
  struct pump_file *file; /* NULL: there is none */
  uint32_t id;
  int fd;
  uint64_t salt;
  bool is_held, is_hold_wanted, has_name, is_followed, is_told;
  uint64_t length_when_followed;
  struct bytes past;   /* of former files */
  struct bytes pushed; /* of source 0, in the order in which they must come */
  struct source sources[SOURCES];
  unsigned made;
};

static struct pump *pump;
static int wake;
static struct dice dice;
static struct log logs[LOGS];
static uint32_t last_id;
static uint64_t moved, rotations, failures, removals;

static unsigned char pattern[1 << 16];

static unsigned char byte_of(const struct log *log, unsigned source, uint64_t position) {
  return (unsigned char)(source << 4 | pattern[(log->salt + source * 7919 + position) % sizeof(pattern)]);
}

/* All the log holds, over all its files. */
static struct bytes content_of(const struct log *log) {
  struct bytes content = {0};
  unsigned char *past = grow(&content, log->past.length);
  if (log->past.length > 0) {
    memcpy(past, log->past.at, log->past.length);
  }
  read_file(log->fd, 0, &content);
  return content;
}

/* Each byte must be the next of its source; returns how many of each there are. */
static void check_content(const struct log *log, uint64_t counts[SOURCES]) {
  struct bytes content = content_of(log);
  memset(counts, 0, SOURCES * sizeof(*counts));
  for (size_t i = 0; i < content.length; i++) {
    unsigned source = content.at[i] >> 4;
    uint64_t at = counts[source]++;
    CHECK(source > 0 || at < log->pushed.length, "more than was pushed at %zu", i);
    unsigned char expected = source == 0 ? log->pushed.at[at] : byte_of(log, source, at);
    CHECK(content.at[i] == expected, "log %u, byte %zu, source %u, position %d", log->id, i, source, (int)at);
  }
  free(content.at);
}

/* Whether all is there but what waits in the queue. */
static void check_all(const struct log *log, uint64_t missing) {
  uint64_t counts[SOURCES], missed = log->pushed.length;
  check_content(log, counts);
  missed -= counts[0];
  for (unsigned i = 1; i < SOURCES; i++) {
    CHECK(counts[i] <= log->sources[i].written, "source %u", i);
    missed += log->sources[i].written - counts[i];
  }
  CHECK(missed == missing, "log %u misses %d and not %d bytes", log->id, (int)missed, (int)missing);
}

static void new_file(struct log *log) {
  char name[64];
  snprintf(name, sizeof(name), "%u.%u", log->id, log->made++);
  log->fd = new_log(name);
  log->has_name = true;
  may_fail(log->fd, true);
}

static void unlink_file(struct log *log) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%u.%u", log_folder(), log->id, log->made - 1);
  unlink(path);
  log->has_name = false;
}

static void open_log(struct log *log) {
  *log = (struct log){.id = ++last_id, .salt = throw_dice(&dice)};
  new_file(log);
  log->file = pump_file_new(pump, log->id, log->fd, below(&dice, DEVICES), 0);
  CHECK(log->file != NULL, "a file");
}

static void close_log(struct log *log) {
  uint64_t counts[SOURCES];
  check_content(log, counts);
  check_all(log, pump_file_backlog(log->file));
  CHECK(pump_file_delete(log->file) == log->fd, "its descriptor");
  unlink_file(log);
  may_fail(log->fd, false);
  close(log->fd);
  free(log->past.at);
  free(log->pushed.at);
  log->file = NULL;
}

/* The present file is one of the past from now on, as far as `size`; what is beyond comes again. */
static void leave_file(struct log *log, uint64_t size) {
  size_t before = log->past.length;
  read_file(log->fd, 0, &log->past);
  log->past.length = before + size < log->past.length ? before + size : log->past.length;
  unlink_file(log);
  may_fail(log->fd, false);
}

static void go_on(struct log *log, struct pump_way way) {
  int former = way.fd >= 0 ? log->fd : -1;
  if (way.fd < 0) {
    CHECK(pump_file_go_on(log->file, &way) == -1, "the same");
  } else {
    int fd = way.fd;
    CHECK(pump_file_go_on(log->file, &way) == former, "the former");
    close(former);
    log->fd = fd;
  }
  log->is_held = false;
}

/* A new file in the place of the present one, of which what is beyond `size` goes along. */
static void move_on(struct log *log, uint64_t size) {
  struct bytes rest = {0};
  int former = log->fd;
  read_file(former, size, &rest);
  leave_file(log, size);
  new_file(log);
  int next = log->fd;
  log->fd = former;
  if (rest.length > 0) {
    CHECK(pump_file_push(log->file, rest.at, rest.length, 0, true), "memory");
  }
  free(rest.at);
  go_on(log, (struct pump_way){.fd = next, .size = 0});
}

static void go_on_somehow(struct log *log) {
  struct pump_sizes sizes;
  pump_file_sizes(log->file, &sizes);
  CHECK(sizes.size == (uint64_t)size_of(log->fd) && sizes.seen <= sizes.size, "%d", (int)sizes.size);
  switch (below(&dice, 4)) {
  case 0:
    rotations++;
    move_on(log, sizes.size);
    break;
  case 1:
    move_on(log, sizes.seen);
    break;
  case 2: {
    /* As copytruncate does, while nothing is written. */
    struct pump_way way = {.fd = -1, .size = 0};
    read_file(log->fd, 0, &log->past);
    CHECK(ftruncate(log->fd, 0) == 0, "truncate");
    go_on(log, way);
    break;
  }
  default:
    go_on(log, (struct pump_way){.fd = -1,
                                 .size = -1,
                                 .no_limit_for_ms = (uint32_t)below(&dice, 2) * 100,
                                 .no_look_for_ms = (uint32_t)below(&dice, 2) * 100});
  }
}

static void push(struct log *log) {
  size_t length = below(&dice, 12) == 0 ? below(&dice, MOST_BYTES) : below(&dice, 200);
  bool at_front = log->is_held && below(&dice, 2) == 0;
  size_t at = log->pushed.length;
  if (at_front) {
    uint64_t counts[SOURCES];
    check_content(log, counts);
    at = counts[0];
  }
  size_t behind = log->pushed.length - at;
  grow(&log->pushed, length);
  unsigned char *bytes = log->pushed.at + at;
  memmove(bytes + length, bytes, behind);
  for (size_t i = 0; i < length; i++) {
    bytes[i] = below(&dice, 16) & 15;
  }
  CHECK(pump_file_push(log->file, bytes, length, below(&dice, 2) * below(&dice, 200000), at_front), "memory");
}

static void write_pipe(struct log *log, unsigned number, size_t length) {
  struct source *source = &log->sources[number];
  static unsigned char bytes[MOST_BYTES];
  for (size_t i = 0; i < length; i++) {
    bytes[i] = byte_of(log, number, source->written + i);
  }
  ssize_t count = write(source->writer, bytes, length);
  CHECK(count >= 0 || errno == EAGAIN, "write");
  source->written += count > 0 ? (uint64_t)count : 0;
  moved += count > 0 ? (uint64_t)count : 0;
}

static void add_stream(struct log *log, unsigned number) {
  struct source *source = &log->sources[number];
  source->id = ++last_id;
  source->is_draining = source->is_parting = source->has_ended = source->has_parted = false;
  may_fail(source->reader, true);
  source->stream = pump_stream_new(log->file, source->id, source->reader, below(&dice, 2) * below(&dice, 200000));
  CHECK(source->stream != NULL, "a stream");
}

static void open_stream(struct log *log, unsigned number) {
  struct source *source = &log->sources[number];
  int ends[2];
  make_pipe(ends);
  source->reader = ends[0];
  source->writer = ends[1];
  source->kept_reader = below(&dice, 4) == 0 ? dup(ends[0]) : -1;
  source->kept_writer = below(&dice, 4) == 0 ? dup(ends[1]) : -1;
  add_stream(log, number);
}

static void close_if_open(int *fd) {
  if (*fd >= 0) {
    close(*fd);
    *fd = -1;
  }
}

/* With what another process might still do to the pipe, of which nobody hears. */
static void forget_pipe(struct source *source) {
  if (source->kept_writer >= 0 && source->kept_reader >= 0) {
    CHECK(write(source->kept_writer, "?", 1) == 1, "a pipe without a pump");
  }
  close_if_open(&source->writer);
  close_if_open(&source->kept_writer);
  close_if_open(&source->kept_reader);
}

/* A pipe that was parted is read here, or given to the pump again. */
static void take_back(struct log *log, unsigned number) {
  struct source *source = &log->sources[number];
  int length;
  if (below(&dice, 2) == 0) {
    add_stream(log, number);
    return;
  }
  may_fail(source->reader, false);
  CHECK(ioctl(source->reader, FIONREAD, &length) == 0, "FIONREAD");
  unsigned char *bytes = malloc((size_t)length + 1);
  CHECK(length == 0 || read(source->reader, bytes, (size_t)length) == length, "the rest");
  CHECK(pump_file_push(log->file, bytes, (size_t)length, 0, false), "memory");
  free(bytes);
  close(source->reader);
  forget_pipe(source);
}

static void finish_stream(struct log *log, unsigned number) {
  struct source *source = &log->sources[number];
  int fd = pump_stream_delete(source->stream);
  CHECK(fd == -1 || fd == source->reader, "%d", fd);
  CHECK(fd == -1 || !source->has_ended, "it has ended");
  source->stream = NULL;
  if (fd >= 0) {
    take_back(log, number);
  } else {
    forget_pipe(source);
  }
}

static void drain(struct source *source) {
  source->is_draining = true;
  close_if_open(&source->writer);
  if (pump_stream_drain(source->stream)) {
    source->has_ended = true;
  }
}

static void part(struct source *source) {
  source->is_parting = true;
  source->has_parted = pump_stream_part(source->stream);
}

static void on_file_note(struct log *log, const struct pump_note *note) {
  log->is_told |= (note->events & PUMP_WRITTEN) != 0;
  failures += (note->events & PUMP_FAILED) != 0;
  removals += (note->events & PUMP_REMOVED) != 0;
  CHECK((note->events & PUMP_FAILED) == 0 || note->error != 0, "an error without errno");
  CHECK((note->events & PUMP_REMOVED) == 0 || log->made > 1 || !log->has_name, "it has a name");
  if ((note->events & (PUMP_SIZE_REACHED | PUMP_FAILED | PUMP_REMOVED | PUMP_HELD)) != 0 && !log->is_held) {
    /* It may have been told before the owner went on. */
    log->is_held = pump_file_hold(log->file);
    log->is_hold_wanted = !log->is_held;
  }
}

static void on_note(const struct pump_note *note) {
  CHECK(note->events != 0, "a note of nothing for %u", note->owner_id);
  for (struct log *log = logs; log < logs + LOGS; log++) {
    if (log->file != NULL && log->id == note->owner_id) {
      on_file_note(log, note);
      return;
    }
    for (unsigned i = 1; log->file != NULL && i < SOURCES; i++) {
      struct source *source = &log->sources[i];
      if (source->stream != NULL && source->id == note->owner_id) {
        CHECK(source->is_draining || source->is_parting, "nobody has asked");
        source->has_ended |= (note->events & PUMP_ENDED) != 0;
        source->has_parted |= (note->events & PUMP_PARTED) != 0;
        return;
      }
    }
  }
  CHECK(false, "a note for %u, which was deleted: %u", note->owner_id, note->events);
}

static void take_notes(void) {
  struct pump_note notes[5];
  size_t count = pump_take_notes(pump, notes, 1 + below(&dice, 5));
  for (size_t i = 0; i < count; i++) {
    on_note(&notes[i]);
  }
}

/* Waits until something is told. */
static void await_note(const char *what) {
  struct pollfd poll_fd = {.fd = wake, .events = POLLIN};
  CHECK(poll(&poll_fd, 1, 10000) > 0, "nothing is told for ten seconds: %s", what);
  take_notes();
}

static void hold(struct log *log) {
  log->is_held = pump_file_hold(log->file);
  log->is_hold_wanted = !log->is_held;
}

static uint64_t length_of(const struct log *log) { return log->past.length + (uint64_t)size_of(log->fd); }

static void follow(struct log *log, bool on) {
  log->is_followed = on;
  log->is_told = false;
  pump_file_follow(log->file, on);
  log->length_when_followed = length_of(log);
}

/* Ends all of it, however it stands. */
static void finish_log(struct log *log) {
  for (unsigned i = 1; i < SOURCES; i++) {
    struct source *source = &log->sources[i];
    while (source->stream != NULL) {
      if (!source->is_draining && !source->has_parted) {
        drain(source);
      }
      while (!source->has_ended && !source->has_parted) {
        if (log->is_held) {
          go_on_somehow(log);
        }
        await_note("the end of a stream");
      }
      finish_stream(log, i);
    }
  }
  while (!log->is_held || pump_file_backlog(log->file) > 0) {
    if (log->is_held) {
      go_on_somehow(log);
    } else if (!log->is_hold_wanted && pump_file_backlog(log->file) == 0) {
      hold(log);
      continue;
    }
    if (!log->is_held && pump_file_backlog(log->file) > 0) {
      await_note("an empty queue");
    } else if (log->is_hold_wanted) {
      await_note("a hold");
    }
  }
  check_all(log, 0);
  while (poll(&(struct pollfd){.fd = wake, .events = POLLIN}, 1, 0) > 0) {
    take_notes();
  }
  CHECK(!log->is_followed || log->is_told || length_of(log) <= log->length_when_followed, "a follower was not told");
  close_log(log);
}

static bool has_streams(const struct log *log) {
  for (unsigned i = 1; i < SOURCES; i++) {
    if (log->sources[i].stream != NULL) {
      return true;
    }
  }
  return false;
}

static void do_something_to_a_stream(struct log *log) {
  unsigned number = 1 + (unsigned)below(&dice, below(&dice, 2) == 0 ? 3 : SOURCES - 1);
  struct source *source = &log->sources[number];
  if (source->stream == NULL) {
    open_stream(log, number);
    return;
  }
  if (source->has_ended || source->has_parted) {
    finish_stream(log, number);
    return;
  }
  switch (below(&dice, 12)) {
  case 0:
    drain(source);
    break;
  case 1:
    part(source);
    break;
  case 2:
    CHECK(pump_stream_bytes(source->stream) <= source->written, "more than was written");
    break;
  default:
    if (!source->is_draining && source->writer >= 0) {
      write_pipe(log, number, 1 + below(&dice, below(&dice, 12) == 0 ? MOST_BYTES : 300));
    }
  }
}

static void do_something(void) {
  struct log *log = &logs[below(&dice, LOGS)];
  if (log->file == NULL) {
    open_log(log);
    return;
  }
  switch (below(&dice, 16)) {
  case 0:
    if (!log->is_held && !log->is_hold_wanted) {
      hold(log);
    }
    break;
  case 1:
    if (log->is_held && !has_streams(log) && below(&dice, 2) == 0) {
      close_log(log);
      return;
    }
    /* fall through */
  case 2:
    if (log->is_held) {
      go_on_somehow(log);
    }
    break;
  case 3:
  case 4:
    push(log);
    break;
  case 5:
    follow(log, below(&dice, 2) == 0);
    break;
  case 6:
    if (below(&dice, 4) == 0) {
      unlink_file(log);
    }
    leap(below(&dice, 300) * 1000000);
    break;
  case 7:
  case 8:
    take_notes();
    break;
  default:
    do_something_to_a_stream(log);
  }
}

int model_test(uint64_t seed, uint64_t rounds, bool is_exact) {
  struct keeper keeper;
  struct pump_left left;
  printf("model: seed %llu\n", (unsigned long long)seed);
  fflush(stdout);
  for (size_t i = 0; i < sizeof(pattern); i++) {
    pattern[i] = throw_dice(&dice) & 15;
  }
  pump = pump_new(&wake);
  if (is_exact) {
    make_keeper(&keeper);
    CHECK(pump_exact(pump, keeper.memory, keeper.pipes, 2) == 0, "exact mode");
  }
  int before = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    seed_of_round = seed + round;
    dice.state = mix(seed_of_round);
    set_random_faults(below(&dice, 3) == 0 ? 0 : (unsigned)below(&dice, 200), throw_dice(&dice));
    for (int i = 0; i < OPERATIONS; i++) {
      do_something();
    }
    for (struct log *log = logs; log < logs + LOGS; log++) {
      if (log->file != NULL) {
        finish_log(log);
      }
    }
    CHECK(pump_exact_left(pump, &left, 1) == 0, "slot %u is not idle", left.slot);
    int after = count_descriptors();
    CHECK(round < 10 || after == before, "%d descriptors, and %d before", after, before);
    before = after;
  }
  printf("model: %d rounds, %d MB, %d rotations, %d failures, %d removals\n", (int)rounds, (int)(moved / 1000000),
         (int)rotations, (int)failures, (int)removals);
  return 0;
}
