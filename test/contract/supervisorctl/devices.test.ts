/** Logs on a device, as very many container images have them: they read as empty, by every way there is. */
import { describe, expect, it } from 'vitest';

import { httpGet } from '../../helpers/http.ts';
import { flavours, ours } from '../../helpers/flavours.ts';
import { Bench, reasonAgainst } from './bench.ts';

const sections = `[program:quiet]
command=/bin/sh -c 'echo said; exec cat'
stdout_logfile=/dev/null
stderr_logfile=/dev/null
startsecs=0

[supervisord]
logfile=/dev/null
logfile_maxbytes=0
`;

for (const daemon of flavours) {
  const reason = reasonAgainst(daemon);
  const title = `logs on /dev/null, on ${daemon.name} supervisord`;
  describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
    it('B16, B17.11: read as empty', async () => {
      const bench = await Bench.start(daemon, sections);
      try {
        await bench.reaches('quiet', 'RUNNING');
        for (const args of [
          ['maintail'],
          ['maintail', '-100'],
          ['tail', 'quiet'],
          ['tail', '-100', 'quiet'],
          ['tail', 'quiet', 'stderr'],
        ]) {
          expect(await bench.both(args), args.join(' ')).toMatchObject({ code: 0, stderr: '' });
        }
        expect(await bench.call('readLog', 0, 0)).toBe('');
        expect(await bench.call('readLog', -100, 0)).toBe('');
        expect(await bench.call('readProcessStdoutLog', 'quiet', 0, 0)).toBe('');
        expect(await bench.call('tailProcessStdoutLog', 'quiet', 0, 100)).toEqual(['', 0, false]);
        expect(await bench.call('tailProcessStderrLog', 'quiet', 0, 100)).toEqual(['', 0, false]);
        if (daemon === ours) {
          const api = (path: string) => httpGet(bench.config.api, `/api/v1${path}`);
          expect(JSON.parse((await api('/log')).body)).toMatchObject({
            text: '',
            size: 0,
            path: '/dev/null',
          });
          expect((await api('/log/download')).body).toBe('');
          expect(JSON.parse((await api('/processes/quiet/logs/stdout?lines=5')).body)).toMatchObject({
            text: '',
          });
        }
      } finally {
        await bench.close();
      }
    });

    it('B19.1: are followed, and say nothing', async () => {
      const bench = await Bench.start(daemon, sections);
      try {
        await bench.reaches('quiet', 'RUNNING');
        const follower = bench.start(ours, ['maintail', '-f']);
        await follower.stdout.match(/==> Press Ctrl-C to exit <==\n/);
        await bench.call('getState');
        follower.kill('SIGINT');
        await follower.ended;
        expect(follower.stdout.text.trimEnd()).toBe('==> Press Ctrl-C to exit <==');
      } finally {
        await bench.close();
      }
    });
  });
}
