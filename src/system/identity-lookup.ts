/** Asking the machine who a user is: at once, or beside the event loop. */
import os from 'node:os';
import type { Binding } from '../native/binding.ts';
import { Descriptor, type DescriptorIo } from './descriptor.ts';
import { lookupTrouble } from './lookup-trouble.ts';
import type { IdentityResult } from './system.ts';

type Lookups = Pick<Binding, 'userById' | 'groupsOfUser' | 'lookUpIdentity'>;

const { EIO, ENOENT } = os.constants.errno;

/** Waits for the answer, however long that takes. */
export function askIdentity(binding: Lookups, uid: number): IdentityResult {
  const user = binding.userById(uid);
  if (user === null || typeof user === 'number') {
    return resultOf(user === null ? ENOENT : -user);
  }
  const groups = binding.groupsOfUser(user.name, user.gid);
  return typeof groups === 'number'
    ? resultOf(-groups)
    : { ok: true, identity: { uid, gid: user.gid, groups } };
}

/** Calls `answered` once: in a later turn of the event loop, or at once where it cannot even be asked. */
export function askIdentityLater(
  binding: Lookups,
  io: DescriptorIo,
  uid: number,
  answered: (result: IdentityResult) => void,
): void {
  const opened = binding.lookUpIdentity(uid);
  if (opened < 0) {
    answered(resultOf(-opened));
    return;
  }
  const fd = new Descriptor(opened);
  const chunks: Buffer[] = [];
  const end = (): void => {
    io.close(fd);
    answered(decode(uid, Buffer.concat(chunks)));
  };
  const watch = io.watch(fd, () => {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const length = io.readAvailable(fd, chunk);
    if (typeof length === 'number' && length > 0) {
      chunks.push(chunk.subarray(0, length));
    } else if (length !== 'EAGAIN') {
      end();
    }
  });
  if (typeof watch === 'string' || watch.start('read') !== null) {
    end();
  }
}

const chunkBytes = 4096;
const wordBytes = Uint32Array.BYTES_PER_ELEMENT;

/** What `lookUpIdentity` of the addon writes; an answer that is not whole is none. */
function decode(uid: number, bytes: Buffer): IdentityResult {
  const words = new Uint32Array(Math.floor(bytes.length / wordBytes));
  Buffer.from(words.buffer).set(bytes.subarray(0, words.byteLength));
  const [errno = EIO, gid, ...groups] = words;
  if (errno !== 0) {
    return resultOf(errno);
  }
  return gid === undefined || groups.length === 0
    ? resultOf(EIO)
    : { ok: true, identity: { uid, gid, groups } };
}

function resultOf(errno: number): IdentityResult {
  return { ok: false, trouble: errno === ENOENT ? null : lookupTrouble(errno) };
}
