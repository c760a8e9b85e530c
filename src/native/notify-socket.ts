import type { Binding } from './binding.ts';
import { errnoName, failureOf } from './errno.ts';

/**
 * Sends one message to the service manager's socket, without waiting. Null, or the errno's name: `EAGAIN` while it is
 * behind. `path` is as in `NOTIFY_SOCKET`: a file, or `@name` in the abstract namespace.
 *
 * Source: sd_notify(3).
 */
export function sendNotification(binding: Binding, path: string, message: string): string | null {
  const fd = binding.datagramOpen(path);
  if (fd < 0) {
    return errnoName(-fd);
  }
  const failure = failureOf(binding.datagramSend(fd, Buffer.from(message)));
  binding.close(fd);
  return failure;
}
