/*
 * Every byte once, even over a kill of this process: for an owner whose pipes, and the memory that is used here, are held by
 * another process too, which starts the next one. Off unless `pump_exact` was called.
 *
 * A lane takes bytes by `splice` from a child's pipe into a *private pipe*, which moves them in one step and copies nothing.
 * From there they are read into a *slot* of a shared memory and written to the file. Each slot has a record of what is
 * under way. Private pipe, record and size of the file say together where each byte is, wherever the process was killed:
 *
 *   record       private pipe   where it was killed               what is under way
 *   IDLE         empty          between two moves                 nothing
 *   TAKING       empty          before the splice                 nothing; all is in the child's pipe
 *   TAKING       r bytes        after it, n was not noted yet     r bytes, all in the private pipe
 *   TAKEN n      r bytes        before, in or after the read      n bytes: n - r in the slot, the rest in the private pipe
 *   WRITING      empty          before, in or after the write     n bytes from `done`; the file has grown by what of them is in it
 *   KEPT         empty          a write failed                    n bytes from `done`
 *
 * That rests on this: a splice from pipe to pipe is done under the locks of both and is not interrupted; a read that a
 * kill cuts short has taken from the pipe what it has copied; a write that a kill cuts short has made the file longer by
 * what it has written; and nobody but one lane uses a private pipe. A record is made beside the one in force and put
 * in force by a single store, so there is no half of one. What a file has grown by is compared with the bytes, since others may
 * write to it as well. Only a truncation that the pump has not seen before the kill, or that came after it, leaves a doubt, and
 * then bytes are rather doubled than lost.
 *
 * A rotation needs no record: a file is held before it is renamed, and a held file has nothing under way but what is KEPT.
 * What `pump_file_push` was given is in the memory of this process alone.
 */
#ifndef SUPERVISORD_PUMP_EXACT_H
#define SUPERVISORD_PUMP_EXACT_H

#include "pump.h"

enum { PUMP_EXACT_MOST_PIPES = 16 };

/* What a former process had under way for a file. */
struct pump_left {
  uint32_t slot;
  uint32_t length;        /* bytes at most that are missing in the file */
  uint64_t device, inode; /* of the file that was, or was to be, written to; the device as major << 32 | minor */
  uint64_t token;         /* of the file, see pump_exact_name */
};

/*
 * Before the first file is added. `memory_fd` is a memfd, empty at the very first time; it gets its size here.
 * `pipes` are pairs of a reading and a writing end; so many file systems do not wait for each other. All descriptors stay the
 * owner's and open. Returns 0, or an errno: EPROTO when memory or pipes are of something else, EBUSY when there are files.
 */
int pump_exact(struct pump *pump, int memory_fd, const int (*pipes)[2], size_t pipe_count);

/* What is left of former processes. Each is to be resumed, or forgotten, before a stream is added to its file. */
size_t pump_exact_left(struct pump *pump, struct pump_left *left, size_t count);

/*
 * Right after pump_file_new: finishes what was under way, before all else that is written to this file. What of it is
 * there already is not written again if it is the file that was written to; so that one is to be given here as long as it can be
 * found, under whatever name, and only then another. PUMP_EMPTY is told. False: no memory.
 */
bool pump_exact_resume(struct pump_file *file, uint32_t slot);
void pump_exact_forget(struct pump *pump, uint32_t slot);

/* What is to be said of this file by `pump_left.token`. */
void pump_exact_name(struct pump_file *file, uint64_t token);

#endif
