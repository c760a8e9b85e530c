/** The shell, with its lines from a pipe. */
import { expect, it } from 'vitest';

import { describeOnDaemons } from './bench.ts';

const programs = `
[program:up]
command=/bin/sleep 1000
startsecs=0

[program:down]
command=/bin/sleep 1000
autostart=false
`;

describeOnDaemons(
  'supervisorctl as a shell',
  programs,
  (bench) => {
    it.each([
      ['nothing', ''],
      ['an empty line', '\n\n'],
      ['commands and the end of the input', 'status up\npid down\n'],
      ['no newline at the end', 'status up'],
      ['quit', 'quit\nstatus\n'],
      ['exit with arguments', 'exit now\nstatus\n'],
      ['EOF', 'EOF\nstatus\n'],
      ['an unknown command', 'nosuch thing\nstatus nosuch\n'],
      ['help', 'help\n? nosuch\n'],
      ['a no', 'shutdown\nn\nreload\nno\nstatus up\n'],
      ['no answer', 'shutdown\n'],
      ['another server', 'open unix:///no/such.sock\nstatus\nopen nosuch\n'],
      ['carriage returns', 'status up\r\nquit\r\n'],
      ['signals and starts', 'signal CONT up\nstart up\nstop down\n'],
      ['fg of nobody', 'fg nosuch\nfg down\nstatus up\n'],
    ])('B17.1: %s', async (_, input) => {
      const { stdout, stderr, code } = await bench().both([], { input });
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      expect(stdout).toMatch(/^down .*\nup .*\nsupervisor> /);
    });

    it('B17.1: -i with a command asks, and starts no shell', async () => {
      expect(await bench().both(['-i', 'shutdown'], { input: 'n\n' })).toMatchObject({ code: 0 });
      expect(await bench().both(['-i', 'reload'], { input: '' })).toMatchObject({ code: 1 });
    });
  },
  async (bench) => {
    await bench.reaches('up', 'RUNNING');
  },
);
