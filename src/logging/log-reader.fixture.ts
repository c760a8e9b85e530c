/** Reading logs in tests. */
import { AwaitedFiles } from './awaited-files.fixture.ts';
import { LogReader } from './log-reader.ts';

/** The real jobs, where nothing waits to be written. */
export const nodeReader = new LogReader(new AwaitedFiles().files, (_path, done) => done());
