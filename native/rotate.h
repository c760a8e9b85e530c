/*
 * Making room at the path of a log: `log.N-1` becomes `log.N` and so on down to the log itself, which becomes `log.1`. A
 * file that is missing leaves a gap.
 *
 * What falls off the end is moved out of the way first, to `log.~`, and removed last, so that each file is moved to a name
 * that is free: moving one onto another makes some file systems (ext4) write it to the disk first.
 *
 * Where many files are to be moved, the log is put aside at once, as `log.~0`, so that the new one can be opened, and the
 * shift follows. A rotation that was killed in between is completed by the next one, or when the log is opened.
 *
 * Stops at the first move that fails: every file is then still there under its old or its new name. Costs what the files
 * cost that are there, however many are allowed.
 *
 * The place is that of the log, with its last link kept. Every function returns as those of paths.h do.
 *
 * Source: B16.4, observed on the original.
 */
#ifndef SUPERVISORD_ROTATE_H
#define SUPERVISORD_ROTATE_H

#include "paths.h"

struct rotation {
  /* Of the log in its directory. */
  const char *name;
  /* Above 0. */
  uint32_t backups;
  /* The log has been put aside, and rotation_finish() is to move it on. */
  bool is_put_aside;
  /* What has fallen off the end waits for its removal by rotation_finish(). */
  bool has_fallen;
};

/* Moves the log away. What is left to be done nobody needs to wait for but the next rotation. */
int rotation_begin(struct place *place, struct rotation *rotation);

/* Does what is left. `held`: a descriptor, or -1, that the caller closes, which frees the space of a file. */
int rotation_finish(struct place *place, struct rotation *rotation, int *held);

/* Completes a rotation that was killed, as far as can be told without knowing how many backups there may be. */
void rotation_complete(struct place *place, const char *name);

#endif
