import { version } from '../../package.json';

/** Version of this package: what `--version` prints and `getSupervisorVersion` answers. */
export const packageVersion: string = version;
