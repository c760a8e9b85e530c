/** Python's own client against our server over a scripted daemon: what it reads is what was meant. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { serveFake } from '../../../src/http/server.fixture.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { askPython } from './ask-python.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!hasPython)(`Python's client${hasPython ? '' : ' (skipped: there is no python3)'}`, () => {
  scenarioTest('B18.3: reads texts, numbers and faults as they are', async ({ sandbox }) => {
    const world = await serveFake({});
    try {
      const { control } = world.host;
      const text = 'é <&> "quoted" \'too\' ]]> 漢字 😀\ttab\nline\n';
      const log = path.join(world.directory, 'out.log');
      writeFileSync(log, text);
      control.activityLogPath = log;
      control.addFakeGroup('cät', [{ name: 'cät' }]);
      control.process('cät').become('FATAL', { spawnError: 'a < b & c', exitStatus: -1 });
      const [read, tail, info, fault, event] = await askPython(sandbox, world.file, [
        ['supervisor.readLog', [0, 0]],
        ['supervisor.tailProcessStdoutLog', ['cät', 0, 5]],
        ['supervisor.getProcessInfo', ['cät']],
        ['supervisor.getProcessInfo', ['<nope>']],
        ['supervisor.sendRemoteCommEvent', ['tÿpe', text]],
      ]);
      expect(read).toEqual({ value: text });
      expect(tail).toEqual({ value: ['', 0, false] });
      expect(info).toMatchObject({
        value: { name: 'cät', spawnerr: 'a < b & c', exitstatus: -1, state: 200 },
      });
      expect(fault).toEqual({ fault: [10, 'BAD_NAME: <nope>'] });
      expect(event).toEqual({ value: true });
      expect(control.events).toEqual([{ type: 'REMOTE_COMMUNICATION', payload: `type:tÿpe\n${text}` }]);
    } finally {
      await world.close();
    }
  });

  scenarioTest('B18.15: reads a thousand processes', async ({ sandbox }) => {
    const world = await serveFake({});
    try {
      const names = Array.from({ length: 1000 }, (_, index) => ({
        name: `p${String(index).padStart(3, '0')}`,
      }));
      world.host.control.addFakeGroup('many', names);
      const [answer] = await askPython(sandbox, world.file, [['supervisor.getAllProcessInfo']]);
      const infos = answer !== undefined && 'value' in answer ? answer.value : null;
      expect(Array.isArray(infos) && infos.map((info: { name: string }) => ({ name: info.name }))).toEqual(
        names,
      );
    } finally {
      await world.close();
    }
  });
});
