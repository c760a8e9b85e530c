/*
 * Every byte once, over any number of kills: this process is what the keeper will be, and holds the pipes, the memory and the
 * private pipes; its children write, and move what is written, and are killed.
 *
 * Each byte says who wrote it, in its high half, and follows from its position in what that one has written, in its low half.
 * Half of the pumps are killed at some moment of time, the others at the start or end of some system call.
 */
#define _GNU_SOURCE
#include "../pump-exact.h"
#include "faults.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITERS = 5, LOGS = 3, LARGEST_WRITE = 64 * 1024, LIMIT = 300000, STREAM_IDS = 100 };

static const struct {
  size_t write_bytes; /* 0: any */
  unsigned pause_us;
  int log;
} writers[WRITERS] = {{100, 0, 0}, {LARGEST_WRITE, 0, 0}, {0, 0, 1}, {80, 200, 2}, {4096, 50, 2}};

/* What outlives a pump and the writers. */
struct shared {
  _Atomic bool is_over;
  _Atomic uint64_t written[WRITERS];
  _Atomic uint32_t next_backup[LOGS];
  _Atomic uint64_t left, in_private, rotations, failures;
};

static struct shared *shared;
static struct keeper keeper;
static int pipes[WRITERS][2];
static struct dice dice;

static void fill(unsigned char *bytes, size_t length, unsigned writer, uint64_t from) {
  for (size_t i = 0; i < length; i++) {
    uint64_t at = from + i;
    bytes[i] = (unsigned char)((writer + 1) << 4 | (mix(at / 16 + writer) >> (at % 16 * 4) & 15));
  }
}

static void path_of(char path[512], unsigned log, uint32_t backup) {
  snprintf(path, 512, backup == 0 ? "%s/kill.%u" : "%s/kill.%u.%u", log_folder(), log, backup);
}

static void write_all_the_time(unsigned writer) {
  static unsigned char bytes[LARGEST_WRITE];
  struct dice own = {.state = throw_dice(&dice) + writer};
  fcntl(pipes[writer][1], F_SETFL, 0);
  while (!atomic_load(&shared->is_over)) {
    size_t length = writers[writer].write_bytes;
    length = length > 0 ? length : 1 + below(&own, below(&own, 8) == 0 ? LARGEST_WRITE : 5000);
    uint64_t from = atomic_load(&shared->written[writer]);
    fill(bytes, length, writer, from);
    for (size_t done = 0; done < length;) {
      ssize_t count = write(pipes[writer][1], bytes + done, length - done);
      CHECK(count > 0, "writer %u", writer);
      done += (size_t)count;
      atomic_fetch_add(&shared->written[writer], (uint64_t)count);
    }
    if (writers[writer].pause_us > 0) {
      usleep(writers[writer].pause_us);
    }
  }
}

static int open_present(unsigned log) {
  char path[512];
  path_of(path, log, 0);
  int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  CHECK(fd >= 0, "%s", path);
  may_fail(fd, true);
  return fd;
}

/* In the steps in which a rotation is done; a kill may come between any two. */
static void rotate(struct pump_file *file, unsigned log) {
  char path[512], backup[512];
  path_of(path, log, 0);
  path_of(backup, log, atomic_fetch_add(&shared->next_backup[log], 1));
  CHECK(rename(path, backup) == 0, "%s", path);
  struct pump_way way = {.fd = open_present(log), .size = 0};
  close(pump_file_go_on(file, &way));
  atomic_fetch_add(&shared->rotations, 1);
}

static void on_file_note(struct pump_file *file, unsigned log, uint32_t events) {
  if ((events & (PUMP_SIZE_REACHED | PUMP_FAILED)) == 0) {
    return;
  }
  atomic_fetch_add(&shared->failures, (events & PUMP_FAILED) != 0);
  if ((events & PUMP_SIZE_REACHED) != 0 || below(&dice, 4) == 0) {
    rotate(file, log);
  } else {
    struct pump_way way = {.fd = -1, .size = -1};
    pump_file_go_on(file, &way);
  }
}

/* Goes on where the pump before was killed; ends only once the keeper closes `until`. */
static void pump_all_the_time(int until, bool is_stumbling, unsigned dies_after) {
  int wake, waiting;
  struct pump_file *files[LOGS];
  struct pump_stream *streams[WRITERS];
  struct pump_left left[8];
  struct pump *pump = pump_new(&wake);
  for (int i = 0; i < 2; i++) {
    CHECK(ioctl(keeper.pipes[i][0], FIONREAD, &waiting) == 0, "a private pipe");
    atomic_fetch_add(&shared->in_private, waiting > 0);
  }
  set_random_faults(is_stumbling ? 80 : 0, throw_dice(&dice));
  set_death(dies_after);
  CHECK(pump_exact(pump, keeper.memory, keeper.pipes, 2) == 0, "exact mode");
  size_t count = pump_exact_left(pump, left, 8);
  CHECK(count < 8, "%zu slots", count);
  atomic_fetch_add(&shared->left, count > 0);
  for (unsigned i = 0; i < LOGS; i++) {
    int fd = open_present(i);
    files[i] = pump_file_new(pump, i, fd, i % 2, (uint64_t)size_of(fd));
    pump_exact_name(files[i], 1000 + i);
    for (size_t j = 0; j < count; j++) {
      if (left[j].token == 1000 + i) {
        CHECK(pump_exact_resume(files[i], left[j].slot), "memory");
      }
    }
  }
  for (unsigned i = 0; i < WRITERS; i++) {
    may_fail(pipes[i][0], true);
    streams[i] = pump_stream_new(files[writers[i].log], STREAM_IDS + i, pipes[i][0], LIMIT);
  }
  bool is_ending = false;
  for (int ended = 0; ended < WRITERS || pump_file_backlog(files[0]) + pump_file_backlog(files[1]) + pump_file_backlog(files[2]) > 0;) {
    struct pollfd fds[2] = {{.fd = wake, .events = POLLIN}, {.fd = is_ending ? -1 : until, .events = POLLIN}};
    struct pump_note notes[8];
    CHECK(poll(fds, 2, 20000) > 0 || errno == EINTR, "nothing is told for 20 seconds");
    size_t taken = pump_take_notes(pump, notes, 8);
    for (size_t i = 0; i < taken; i++) {
      if (notes[i].owner_id < LOGS) {
        on_file_note(files[notes[i].owner_id], notes[i].owner_id, notes[i].events);
      } else {
        ended += (notes[i].events & PUMP_ENDED) != 0;
      }
    }
    if (!is_ending && fds[1].revents != 0) {
      is_ending = true;
      for (unsigned i = 0; i < WRITERS; i++) {
        ended += pump_stream_drain(streams[i]);
      }
    }
  }
}

static pid_t start_pump(int *until, bool is_stumbling, unsigned dies_after) {
  int ends[2];
  make_pipe(ends);
  throw_dice(&dice);
  pid_t pid = fork();
  CHECK(pid >= 0, "fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends[1]);
    pump_all_the_time(ends[0], is_stumbling, dies_after);
    _exit(0);
  }
  close(ends[0]);
  *until = ends[1];
  return pid;
}

/* Backups that nothing is under way for are checked and removed while no pump runs, or the flood would fill the memory. */
static void check_file(unsigned log, uint32_t backup, uint64_t positions[WRITERS]) {
  char path[512];
  struct bytes content = {0};
  path_of(path, log, backup);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  CHECK(fd >= 0 || errno == ENOENT, "%s", path);
  if (fd < 0) {
    return;
  }
  read_file(fd, 0, &content);
  close(fd);
  unlink(path);
  for (size_t i = 0; i < content.length; i++) {
    unsigned writer = (content.at[i] >> 4) - 1u;
    unsigned char expected;
    CHECK(writer < WRITERS && writers[writer].log == (int)log, "%s: byte %zu is of nobody", path, i);
    fill(&expected, 1, writer, positions[writer]);
    CHECK(content.at[i] == expected, "%s: byte %zu, writer %u, its byte %llu", path, i, writer,
          (unsigned long long)positions[writer]);
    positions[writer]++;
  }
  free(content.at);
}

static void check_backups(uint32_t checked[LOGS], uint32_t keep, uint64_t positions[WRITERS]) {
  for (unsigned log = 0; log < LOGS; log++) {
    uint32_t next = atomic_load(&shared->next_backup[log]);
    for (; checked[log] + keep < next; checked[log]++) {
      check_file(log, checked[log], positions);
    }
  }
}

int kill_test(uint64_t seed, uint64_t kills) {
  uint32_t checked[LOGS] = {1, 1, 1};
  uint64_t positions[WRITERS] = {0}, total = 0;
  int until, status;
  pid_t pids[WRITERS];
  printf("kill: seed %llu\n", (unsigned long long)seed);
  fflush(stdout);
  seed_of_round = seed;
  dice.state = seed;
  log_folder();
  make_keeper(&keeper);
  shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(shared != MAP_FAILED, "memory");
  for (unsigned i = 0; i < LOGS; i++) {
    atomic_store(&shared->next_backup[i], 1);
  }
  for (unsigned i = 0; i < WRITERS; i++) {
    make_pipe(pipes[i]);
    pids[i] = fork();
    CHECK(pids[i] >= 0, "fork");
    if (pids[i] == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      write_all_the_time(i);
      _exit(0);
    }
    close(pipes[i][1]);
  }
  for (uint64_t i = 0; i < kills; i++) {
    bool at_a_call = below(&dice, 2) == 0;
    pid_t pid = start_pump(&until, below(&dice, 3) == 0, at_a_call ? 1 + (unsigned)below(&dice, 400) : 0);
    if (!at_a_call) {
      usleep((unsigned)below(&dice, below(&dice, 4) == 0 ? 10000 : 3000));
      kill(pid, SIGKILL);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "status %d", status);
    close(until);
    check_backups(checked, 1, positions);
  }
  atomic_store(&shared->is_over, true);
  pid_t last = start_pump(&until, false, 0);
  for (unsigned i = 0; i < WRITERS; i++) {
    CHECK(waitpid(pids[i], &status, 0) == pids[i] && status == 0, "writer %u", i);
  }
  close(until);
  CHECK(waitpid(last, &status, 0) == last && status == 0, "the last pump: %d", status);
  check_backups(checked, 0, positions);
  for (unsigned i = 0; i < LOGS; i++) {
    check_file(i, 0, positions);
  }
  for (unsigned i = 0; i < WRITERS; i++) {
    CHECK(positions[i] == atomic_load(&shared->written[i]), "writer %u: %llu of %llu bytes", i,
          (unsigned long long)positions[i], (unsigned long long)atomic_load(&shared->written[i]));
    total += positions[i];
  }
  printf("kill: %d kills, %d MB, %d rotations, %d failures; under way %d times, %d of them in a private pipe\n", (int)kills,
         (int)(total / 1000000), (int)atomic_load(&shared->rotations), (int)atomic_load(&shared->failures),
         (int)atomic_load(&shared->left), (int)atomic_load(&shared->in_private));
  return 0;
}
