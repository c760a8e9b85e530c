import { describe, expect, it } from 'vitest';

import { normalizeLog, programLines } from './activity-log.ts';

const log = `2026-01-02 03:04:05,678 INFO supervisord started with pid 123
2026-01-02 03:04:06,678 INFO spawned: 'x' with pid 456
2026-01-02 03:04:07,678 WARN killing 'x' (456) with SIGKILL
2026-01-02 03:04:07,679 INFO spawnerr: can't find command '/tmp/sv-1/x'
`;

describe('normalizeLog', () => {
  it('takes out times, pids and the directory', () => {
    expect(normalizeLog(log, '/tmp/sv-1')).toEqual([
      'INFO supervisord started with pid N',
      "INFO spawned: 'x' with pid N",
      "WARN killing 'x' (N) with SIGKILL",
      "INFO spawnerr: can't find command 'DIR/x'",
    ]);
  });

  it('B16.1: refuses a line of another form', () => {
    expect(() => normalizeLog('2026-01-02T03:04:05 INFO x\n', '/')).toThrow('cannot read the log line');
  });
});

describe('programLines', () => {
  it('begins after the start of the daemon', () => {
    expect(programLines(log, '/tmp/sv-1')[0]).toBe("INFO spawned: 'x' with pid N");
  });
});
