/** Twenty clients of `/logtail` follow one log while a child writes it as fast as it can. */
import { startProgram } from '../test/helpers/run-program.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { childProgram } from './child-programs.ts';
import type { Benchmark } from './measure.ts';
import { LogRound } from './written-logs.ts';

const followers = 20;
const writeBytes = 4096;
/** Whoever has not delivered by then is measured by what it has. */
const deadlineSeconds = 20;

export const logFollowers: readonly Benchmark[] = [2, 50].map((megabytes) => ({
  name: `log-followers-${megabytes}`,
  figures: [
    { name: `${followers} followers of ${megabytes} MB`, unit: 'MB/s' },
    { name: `${followers} followers of ${megabytes} MB, not delivered`, unit: 'MB' },
  ],
  rounds: 5,
  measure: (flavour) => measureFollowers(flavour, megabytes * 1e6),
}));

async function measureFollowers(flavour: Flavour, bytes: number): Promise<readonly number[]> {
  const round = new LogRound();
  try {
    const { sandbox } = round;
    const { config } = await round.start(
      flavour,
      `[program:followed]
command=${round.writer('flood', bytes, writeBytes).join(' ')}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/followed.log
stdout_logfile_maxbytes=0
`,
    );
    const args = [config.api.socketPath, '/logtail/followed', followers, bytes, deadlineSeconds].map(String);
    const clients = startProgram(childProgram('followers'), args, {
      env: sandbox.env,
      cwd: sandbox.directory,
    });
    sandbox.adopt(clients.pid);
    await clients.stdout.match(/ready\n/);
    round.begin(1);
    await clients.ended;
    const [delivered, seconds] = (clients.stdout.text.split('\n')[1] ?? '').split(' ').map(Number);
    const missing = followers * bytes - (delivered ?? 0);
    return [(delivered ?? 0) / 1e6 / (seconds ?? Number.NaN), missing / 1e6];
  } finally {
    await round.close();
  }
}
