/*
 * Paths that stand for a descriptor of the daemon itself, such as /dev/stdout.
 */
#ifndef SUPERVISORD_OWN_DESCRIPTOR_H
#define SUPERVISORD_OWN_DESCRIPTOR_H

#include "path-trust.h"

enum { NO_DESCRIPTOR = -1 };

/*
 * The descriptor that an absolute path without `.` and `..` stands for, or NO_DESCRIPTOR. Links to such a path count, as
 * container images like to have them in place of a log; one that somebody else has made only if it leads to standard
 * output or error, since the descriptors above are those of logs, connections and other programs' input.
 */
int own_descriptor(const char *path, const struct admitted *admitted);

#endif
