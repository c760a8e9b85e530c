/*
 * The names in a directory, as the kernel lists them: without libc, whose listing has another name in each.
 */
#ifndef SUPERVISORD_DIRECTORY_ENTRIES_H
#define SUPERVISORD_DIRECTORY_ENTRIES_H

enum { ENOUGH_NAMES = -1 };

/*
 * Calls `use` for each, `.` and `..` too, in no order, until it returns an errno or ENOUGH_NAMES. Returns 0 or an errno.
 */
int for_each_name(int fd, int (*use)(const char *name, void *data), void *data);

#endif
