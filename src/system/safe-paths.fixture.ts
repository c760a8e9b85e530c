import { loadBinding } from '../native/index.ts';
import { SafePaths } from './safe-paths.ts';

/** As the daemon uses them. */
export const safePaths = new SafePaths(loadBinding());
