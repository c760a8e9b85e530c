import { loadBinding } from '../native/index.ts';
import { SafePaths } from './safe-paths.ts';

const binding = loadBinding();

/** As the daemon uses them. */
export const safePaths = new SafePaths((fd) => binding.readLink(fd));
