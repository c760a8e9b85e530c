/** Name of an errno, such as `ENOENT`. */
export type Errno = string;
