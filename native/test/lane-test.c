/* What a lane does when a call fails, and when one hangs. */
#define _GNU_SOURCE
#include "faults.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { FILE_ID = 1, STREAM_ID = 2, OTHER_FILE_ID = 3, OTHER_STREAM_ID = 4 };

static struct pump *pump;
static int wake;

/* A log and a pipe of its own. */
struct bench {
  struct pump_file *file;
  struct pump_stream *stream;
  int fd, pipe[2];
  uint32_t file_id;
};

static struct bench set_up(const char *name, uint32_t id, uint64_t device, uint64_t max_bytes) {
  struct bench bench = {.fd = new_log(name), .file_id = id};
  make_pipe(bench.pipe);
  may_fail(bench.fd, true);
  may_fail(bench.pipe[0], true);
  bench.file = pump_file_new(pump, id, bench.fd, device, 0);
  CHECK(bench.file != NULL, "%s", name);
  bench.stream = pump_stream_new(bench.file, id + 1, bench.pipe[0], max_bytes);
  CHECK(bench.stream != NULL, "%s", name);
  return bench;
}

static void write_pipe(const struct bench *bench, const void *bytes, size_t length) {
  ssize_t count = write(bench->pipe[1], bytes, length);
  CHECK(count == (ssize_t)length, "%zd of %zu", count, length);
}

/* Waits until the lane has written so much, and counted it. */
static void await_size(const struct bench *bench, int64_t size) {
  struct pump_sizes sizes = {0};
  for (time_t end = time(NULL) + 20; (int64_t)sizes.size < size; sched_yield()) {
    CHECK(time(NULL) < end, "%d of %d bytes", (int)sizes.size, (int)size);
    pump_file_sizes(bench->file, &sizes);
  }
}

/* Waits for these events of this subject; there must be no others of it. Returns the errno that came with them. */
static int await(uint32_t id, uint32_t events, const char *what) {
  struct pump_note notes[8];
  uint32_t seen = 0;
  int error = 0;
  while ((seen & events) != events) {
    size_t count = await_notes(pump, wake, notes, 8, what);
    for (size_t i = 0; i < count; i++) {
      seen |= notes[i].owner_id == id ? notes[i].events : 0;
      error = notes[i].owner_id == id ? notes[i].error : error;
    }
  }
  CHECK((seen & ~(events | PUMP_EMPTY)) == 0, "%s: events %u", what, seen);
  return error;
}

static void check_content(int fd, const void *bytes, size_t length, const char *what) {
  struct bytes content = {0};
  read_file(fd, 0, &content);
  CHECK(content.length == length && memcmp(content.at, bytes, length) == 0, "%s: %zu bytes", what, content.length);
  free(content.at);
}

static void hold(const struct bench *bench) {
  if (!pump_file_hold(bench->file)) {
    await(bench->file_id, PUMP_HELD, "a hold");
  }
}

static void tear_down(struct bench *bench) {
  close(bench->pipe[1]);
  if (!pump_stream_drain(bench->stream)) {
    await(bench->file_id + 1, PUMP_ENDED, "a drain");
  }
  CHECK(pump_stream_delete(bench->stream) == -1, "a stream that has ended has no pipe");
  hold(bench);
  CHECK(pump_file_backlog(bench->file) == 0, "%d", (int)pump_file_backlog(bench->file));
  CHECK(pump_file_delete(bench->file) == bench->fd, "the descriptor");
  may_fail(bench->fd, false);
  close(bench->fd);
}

static void go_on(const struct bench *bench) {
  struct pump_way way = {.fd = -1, .size = -1};
  CHECK(pump_file_go_on(bench->file, &way) == -1, "the same descriptor");
}

/* Each error, after none and after some of the bytes: held and told, nothing lost or doubled. */
static void test_write_errors(void) {
  static const int errors[] = {EIO, ENOSPC, EDQUOT, EAGAIN, EFBIG, ENXIO};
  static const char text[] = "so many bytes of a line\n";
  const size_t length = sizeof(text) - 1;
  for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
    for (size_t written = 0; written < length; written += 7) {
      struct bench bench = set_up("errors", FILE_ID, 1, 0);
      set_fault(WRITE, (struct fault){.error = errors[i], .most = (int)written, .times = 1});
      write_pipe(&bench, text, length);
      CHECK(await(FILE_ID, PUMP_FAILED, "a failing write") == errors[i], "errno");
      CHECK(pump_file_backlog(bench.file) == length - written, "%d", (int)pump_file_backlog(bench.file));
      check_content(bench.fd, text, written, "what it took");
      CHECK(pump_file_hold(bench.file), "it is held");
      go_on(&bench);
      await(FILE_ID, PUMP_EMPTY, "the rest");
      check_content(bench.fd, text, length, strerror(errors[i]));
      tear_down(&bench);
    }
  }
}

/* A write of one byte, a call that is interrupted, and a write of nothing, which a full device answers with. */
static void test_partial_writes(void) {
  static const char text[] = "0123456789";
  struct bench bench = set_up("partial", FILE_ID, 1, 0);
  set_fault(WRITE, (struct fault){.most = 1, .times = 5});
  write_pipe(&bench, text, 10);
  CHECK(pump_file_push(bench.file, text, 10, 0, false), "memory");
  await(FILE_ID, PUMP_EMPTY, "what was pushed");
  set_fault(WRITE, (struct fault){.error = EINTR, .times = 3});
  set_fault(READ, (struct fault){.error = EINTR, .times = 3});
  CHECK(pump_file_push(bench.file, text, 10, 0, false), "memory");
  await(FILE_ID, PUMP_EMPTY, "what was pushed");
  set_fault(WRITE, (struct fault){.most = 0, .times = 1});
  CHECK(pump_file_push(bench.file, text, 10, 0, false), "memory");
  CHECK(await(FILE_ID, PUMP_FAILED, "a write of nothing") == ENOSPC, "errno");
  go_on(&bench);
  await(FILE_ID, PUMP_EMPTY, "the rest");
  tear_down(&bench);
  CHECK(faults_left(READ) == 0, "interrupted reads");
}

/* The order: what failed, what was pushed meanwhile, what is put in front of that. */
static void test_front(void) {
  struct bench bench = set_up("front", FILE_ID, 1, 0);
  set_fault(WRITE, (struct fault){.error = EIO, .times = 1});
  write_pipe(&bench, "third ", 6);
  await(FILE_ID, PUMP_FAILED, "a failing write");
  write_pipe(&bench, "fifth ", 6);
  pump_file_push(bench.file, "fourth ", 7, 0, false);
  pump_file_push(bench.file, "second ", 7, 0, true);
  pump_file_push(bench.file, "first ", 6, 0, true);
  go_on(&bench);
  await(FILE_ID, PUMP_EMPTY, "the queue");
  close(bench.pipe[1]);
  bench.pipe[1] = dup(bench.fd);
  if (!pump_stream_drain(bench.stream)) {
    await(STREAM_ID, PUMP_ENDED, "a drain");
  }
  check_content(bench.fd, "first second third fourth fifth ", 32, "front");
  tear_down(&bench);
}

/* A read that fails is the end of a stream; a look that fails is not that of a file. */
static void test_other_calls(void) {
  struct bench bench = set_up("calls", FILE_ID, 1, 0);
  set_fault(STATX, (struct fault){.error = EIO, .times = 1});
  set_fault(SET_PIPE_SIZE, (struct fault){.error = EPERM, .times = 2});
  static char block[60000];
  memset(block, 'b', sizeof(block));
  for (int64_t written = 0; written < 1200000; written += (int64_t)sizeof(block)) {
    write_pipe(&bench, block, sizeof(block));
    await_size(&bench, written + (int64_t)sizeof(block));
  }
  CHECK(faults_left(STATX) == 0, "it was reached");
  /* Whether a pipe is to be wider depends on how fast this machine is. */
  set_fault(SET_PIPE_SIZE, (struct fault){.times = 0});
  set_fault(READ, (struct fault){.error = EIO, .times = 1});
  write_pipe(&bench, "x", 1);
  /* The pipe has no reader from then on. */
  while (faults_left(READ) > 0) {
  }
  tear_down(&bench);

  /* Where the kernel watches no more pipes it is looked at. */
  set_fault(EPOLL_ADD, (struct fault){.error = ENOSPC, .times = 1});
  bench = set_up("calls", FILE_ID, 1, 0);
  write_pipe(&bench, "looked at", 9);
  await_size(&bench, 9);
  write_pipe(&bench, ", then watched", 14);
  tear_down(&bench);
  CHECK(faults_left(EPOLL_ADD) == 0, "it was reached");
}

/* What cannot be made leaves nothing behind. */
static void test_setting_up(void) {
  static const struct {
    enum call call;
    int error;
  } cases[] = {{EPOLL_CREATE, EMFILE}, {EVENTFD, EMFILE}, {MMAP, ENOMEM}, {THREAD, EAGAIN}};
  int fd = new_log("setting-up"), before = count_descriptors(), other_wake;
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    set_fault(cases[i].call, (struct fault){.error = cases[i].error, .times = 1});
    CHECK(pump_file_new(pump, FILE_ID, fd, 77, 0) == NULL, "case %zu", i);
    CHECK(errno == cases[i].error, "case %zu", i);
    CHECK(count_descriptors() == before, "case %zu", i);
  }
  set_fault(EVENTFD, (struct fault){.error = EMFILE, .times = 1});
  CHECK(pump_new(&other_wake) == NULL && errno == EMFILE, "a pump");
  CHECK(count_descriptors() == before, "a pump");
  close(fd);
}

/* Held at the limit, at once; and not told again while that was forbidden. */
static void test_limit(void) {
  struct bench bench = set_up("limit", FILE_ID, 1, 10);
  struct pump_sizes sizes;
  write_pipe(&bench, "0123456789", 10);
  await(FILE_ID, PUMP_SIZE_REACHED, "the limit");
  pump_file_sizes(bench.file, &sizes);
  CHECK(sizes.size == 10 && sizes.reached == 10, "%d", (int)sizes.size);
  write_pipe(&bench, "abc", 3);
  int next = new_log("limit.next");
  struct pump_way way = {.fd = next, .size = 0, .no_limit_for_ms = 3600 * 1000};
  may_fail(next, true);
  CHECK(pump_file_go_on(bench.file, &way) == bench.fd, "the former descriptor");
  check_content(bench.fd, "0123456789", 10, "the first");
  close(bench.fd);
  bench.fd = next;
  write_pipe(&bench, "defghijklmnop", 13);
  await_size(&bench, 16);
  leap(UINT64_C(3601) * 1000000000);
  write_pipe(&bench, "!", 1);
  await(FILE_ID, PUMP_SIZE_REACHED, "the limit, after a while");
  check_content(next, "abcdefghijklmnop!", 17, "the second");
  way = (struct pump_way){.fd = -1, .size = -1, .no_limit_for_ms = 3600 * 1000};
  pump_file_go_on(bench.file, &way);
  tear_down(&bench);
}

/* A file that has lost its name is told after a while, before it is written. */
static void test_removed(void) {
  struct bench bench = set_up("removed", FILE_ID, 1, 0);
  struct pump_sizes sizes;
  char path[512];
  write_pipe(&bench, "seen", 4);
  await_size(&bench, 4);
  leap(1000000000);
  write_pipe(&bench, "+", 1);
  await_size(&bench, 5);
  snprintf(path, sizeof(path), "%s/removed", log_folder());
  unlink(path);
  write_pipe(&bench, "lost", 4);
  await_size(&bench, 9);
  leap(1000000000);
  write_pipe(&bench, "kept", 4);
  await(FILE_ID, PUMP_REMOVED, "no name");
  pump_file_sizes(bench.file, &sizes);
  CHECK(sizes.seen == 4 && sizes.size == 9, "%d of %d", (int)sizes.seen, (int)sizes.size);
  int next = new_log("removed");
  struct pump_way way = {.fd = next, .size = 0};
  pump_file_push(bench.file, "+lost", 5, 0, true);
  may_fail(next, true);
  pump_file_go_on(bench.file, &way);
  close(bench.fd);
  bench.fd = next;
  await_size(&bench, 9);
  check_content(next, "+lostkept", 9, "the new one");
  tear_down(&bench);
}

/* One that hangs keeps its own lane waiting and no other; wishes about it are told when it goes on. */
static void test_hanging(void) {
  struct bench stuck = set_up("stuck", FILE_ID, 1, 0), free_one = set_up("free", OTHER_FILE_ID, 2, 0);
  struct bench beside = {0};
  set_hanging(stuck.fd, true);
  write_pipe(&stuck, "stuck", 5);
  await_hanging(stuck.fd);
  /* Of its own lane: added, held, parted and deleted in no time, whatever it does. */
  beside = set_up("beside", 5, 1, 0);
  CHECK(pump_file_hold(beside.file), "not busy");
  for (int i = 1; i <= 100; i++) {
    write_pipe(&free_one, "free", 4);
    await_size(&free_one, 4 * i);
  }
  CHECK(pump_file_push(stuck.file, "pushed", 6, 0, false), "memory");
  CHECK(!pump_file_hold(stuck.file), "it is busy");
  CHECK(!pump_stream_part(stuck.stream), "it is busy");
  leap(5000000000);
  CHECK(pump_file_busy_for(stuck.file) >= 5000 && pump_file_busy_for(free_one.file) == 0, "who waits");
  CHECK(pump_stream_part(beside.stream), "not busy");
  CHECK(pump_stream_delete(beside.stream) == beside.pipe[0], "its pipe");
  CHECK(pump_file_delete(beside.file) == beside.fd, "its descriptor");
  close(beside.fd);
  close(beside.pipe[0]);
  close(beside.pipe[1]);
  set_hanging(stuck.fd, false);
  uint32_t seen = 0;
  while (seen != (PUMP_HELD | PUMP_PARTED)) {
    struct pump_note notes[8];
    size_t count = await_notes(pump, wake, notes, 8, "after the hang");
    for (size_t i = 0; i < count; i++) {
      seen |= notes[i].events;
    }
  }
  CHECK(pump_stream_delete(stuck.stream) == stuck.pipe[0], "its pipe");
  check_content(stuck.fd, "stuck", 5, "the one that hung");
  stuck.stream = pump_stream_new(stuck.file, STREAM_ID, stuck.pipe[0], 0);
  go_on(&stuck);
  await(FILE_ID, PUMP_EMPTY, "what was pushed");
  tear_down(&stuck);
  tear_down(&free_one);
}

/* The end of a program whose pipe another process holds, at both ends. */
static void test_held_pipe(void) {
  struct bench bench = set_up("held", FILE_ID, 1, 0);
  int reader = dup(bench.pipe[0]), writer = dup(bench.pipe[1]), waiting;
  write_pipe(&bench, "all", 3);
  await_size(&bench, 3);
  tear_down(&bench);
  for (int i = 0; i < 100; i++) {
    struct bench another = set_up("another", FILE_ID, 1, 0);
    CHECK(write(writer, "x", 1) == 1, "the pipe is open");
    write_pipe(&another, "y", 1);
    await_size(&another, 1);
    tear_down(&another);
  }
  CHECK(ioctl(reader, FIONREAD, &waiting) == 0 && waiting == 100, "%d", waiting);
  close(reader);
  close(writer);
}

/* A lane without anything to do waits for ever, and has woken its owner for nothing. */
static void test_rest(void) {
  struct bench bench = set_up("rest", FILE_ID, 3, 0);
  struct pump_note note;
  uint64_t waits;
  CHECK(pump_take_notes(pump, &note, 1) == 0, "nothing is to be told");
  for (int i = 1; i <= 20; i++) {
    write_pipe(&bench, "line\n", 5);
    await_size(&bench, 5 * i);
  }
  time_t end = time(NULL) + 20;
  do {
    CHECK(time(NULL) < end, "a lane waits for %d ms", (int)atomic_load(&lane_wait_limit));
    waits = atomic_load(&lane_waits);
    sched_yield();
  } while (atomic_load(&lane_wait_limit) >= 0 || atomic_load(&lane_waits) != waits);
  CHECK(pump_take_notes(pump, &note, 1) == 0, "events %u of %u", note.events, note.owner_id);
  CHECK(pump_stream_bytes(bench.stream) == 100, "bytes");
  tear_down(&bench);
}

int lane_test(void) {
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {{"setting up", test_setting_up},   {"write errors", test_write_errors}, {"partial writes", test_partial_writes},
               {"front", test_front},             {"other calls", test_other_calls},   {"limit", test_limit},
               {"removed", test_removed},         {"hanging", test_hanging},           {"held pipe", test_held_pipe},
               {"rest", test_rest}};
  pump = pump_new(&wake);
  CHECK(pump != NULL, "a pump");
  int before = count_descriptors();
  for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
    tests[i].run();
    printf("lane: %s\n", tests[i].name);
  }
  /* Three lanes with an epoll and an eventfd each. */
  CHECK(count_descriptors() == before + 6, "%d descriptors more", count_descriptors() - before);
  return 0;
}
