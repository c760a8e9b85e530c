/**
 * A name service that a test can let hang or fail: a library for LD_PRELOAD, built with `cc`, between a program and
 * its libc. It does what a file says, looked at for each question, so that a running program can be given trouble.
 */
import { spawnSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Why there is none here; null: there is. */
export const nameServiceReason: string | null =
  spawnSync('cc', ['--version']).status === 0 ? null : 'needs cc';

/**
 * What becomes of questions for users: `ok`, `hang` until the file says something else, `absent` (no user has that name or
 * number), or the number of an errno. Of questions for the groups of a user also `endless`, more than any room, or `+N`:
 * one group more, of this number.
 */
interface Behaviour {
  readonly users: 'ok' | 'hang' | 'absent' | number;
  readonly groups: 'ok' | 'hang' | 'endless' | number | `+${number}`;
}

const source = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The line of the file at NAME_SERVICE that begins so, without its beginning. */
static void read_mode(const char *beginning, char *mode, size_t room) {
  char text[256];
  int fd = open(getenv("NAME_SERVICE"), O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
  if (fd >= 0) close(fd);
  text[length < 0 ? 0 : length] = 0;
  char *line = strstr(text, beginning);
  strncpy(mode, line == NULL ? "ok" : line + strlen(beginning), room - 1);
  mode[room - 1] = 0;
  mode[strcspn(mode, "\\n")] = 0;
}

static void await_mode(const char *beginning, char *mode, size_t room) {
  for (read_mode(beginning, mode, room); strcmp(mode, "hang") == 0; read_mode(beginning, mode, room)) {
    usleep(10000);
  }
}

#define USERS(NAME, KEY) \\
  int NAME(KEY key, struct passwd *entry, char *buffer, size_t bytes, struct passwd **result) { \\
    char mode[64]; \\
    int (*next)(KEY, struct passwd *, char *, size_t, struct passwd **) = dlsym(RTLD_NEXT, #NAME); \\
    await_mode("users ", mode, sizeof(mode)); \\
    if (strcmp(mode, "ok") == 0) return next(key, entry, buffer, bytes, result); \\
    *result = NULL; \\
    return atoi(mode); \\
  }
USERS(getpwnam_r, const char *)
USERS(getpwuid_r, uid_t)

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count) {
  char mode[64];
  int (*next)(const char *, gid_t, gid_t *, int *) = dlsym(RTLD_NEXT, "getgrouplist");
  int room = *count;
  await_mode("groups ", mode, sizeof(mode));
  if (strcmp(mode, "endless") == 0) {
    *count = room * 2;
    return -1;
  }
  if (mode[0] >= '0' && mode[0] <= '9') {
    errno = atoi(mode);
    return -1;
  }
  int result = next(user, group, groups, count);
  if (mode[0] == '+' && result >= 0 && *count < room) {
    groups[*count] = (gid_t)atoi(mode + 1);
    *count += 1;
  }
  return result < 0 ? result : *count;
}
`;

export class NameService {
  /** The library. */
  readonly library: string;
  readonly #control: string;

  /** Builds it in a folder. */
  constructor(folder: string) {
    this.library = path.join(folder, 'names.so');
    this.#control = path.join(folder, 'names');
    const options = ['-shared', '-fPIC', '-O1', '-o', this.library, '-x', 'c', '-', '-ldl'];
    const { status, stderr } = spawnSync('cc', options, { input: source, encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(`cc failed: ${stderr}`);
    }
    this.set({});
  }

  /** Variables for a program that is to ask it. */
  get env(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.library, NAME_SERVICE: this.#control };
  }

  /** From now on; what is not said is `ok`. */
  set({ users = 'ok', groups = 'ok' }: Partial<Behaviour>): void {
    const text = `users ${users}\ngroups ${groups}\n`;
    writeFileSync(`${this.#control}.new`, text);
    renameSync(`${this.#control}.new`, this.#control);
  }
}
