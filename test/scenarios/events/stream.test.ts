/** The same happenings on the original and on ours: listeners must be told the same. */
import { describe, expect } from 'vitest';

import { flavours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { Supervised } from '../lifecycle/supervised.ts';
import { comparable, pythonListener, received, receivedEvents, shellListener } from './listeners.ts';

interface Streams {
  readonly python: readonly string[];
  readonly shell: readonly string[];
}

const output = String.raw`read x; printf "h\303\244user<!--XSUPERVISOR:BEGIN-->comm\nunication<!--XSUPERVISOR:END-->";
  read x; printf "to stderr" >&2; read x; printf "longer than a token of capture mode: \377"; read x; exit 7`;

/** Does everything that there is an event for, each after the event of the one before has come. */
async function record(flavour: Flavour): Promise<Streams> {
  const sandbox = new Sandbox();
  try {
    sandbox.write('talk.sh', output);
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[eventlistener:python]
command=${pythonListener(sandbox, 'python.txt')}
events=PROCESS_STATE,PROCESS_LOG,PROCESS_COMMUNICATION,REMOTE_COMMUNICATION,SUPERVISOR_STATE_CHANGE,PROCESS_GROUP
buffer_size=100
[eventlistener:shell]
command=${shellListener(sandbox, 'shell.txt', 'ok')}
events=process_state_exited,PROCESS_STATE_BACKOFF,PROCESS_GROUP,PROCESS_COMMUNICATION
priority=5
[program:first]
command=/bin/sleep 1000
[program:talk]
command=/bin/sh %(here)s/talk.sh
startsecs=0
autostart=false
autorestart=false
stdout_events_enabled=true
stdout_capture_maxbytes=1000
stderr_events_enabled=true
[program:broken]
command=/bin/false
startretries=1
startsecs=5
autostart=false
[program:members]
command=/bin/sleep 1000
process_name=m%(process_num)s
numprocs=2
autostart=false
startsecs=0
`,
      'identifier=über',
    );
    const told = (text: string, count = 1) => received(sandbox, 'python.txt', text, count);
    const step = async (text: string, method: string, ...params: readonly (string | boolean)[]) => {
      await supervised.rpc(method, ...params);
      await told(text);
    };
    await told('groupname:first from_state:STARTING');
    await told('groupname:shell from_state:STARTING');
    await step('sent by a client', 'sendRemoteCommEvent', 'a type', 'sent by a client\nhäß 😀');
    await step('groupname:talk from_state:STARTING', 'startProcess', 'talk');
    await step('PROCESS_COMMUNICATION_STDOUT', 'sendProcessStdin', 'talk', '\n');
    await step('to stderr', 'sendProcessStdin', 'talk', '\n');
    await step('Undecodable', 'sendProcessStdin', 'talk', '\n');
    await step('PROCESS_STATE_EXITED', 'sendProcessStdin', 'talk', '\n');
    await step('PROCESS_STATE_FATAL', 'startProcess', 'broken', false);
    await step('processname:m1 groupname:members from_state:STARTING', 'startProcessGroup', 'members');
    await step('PROCESS_STATE_STOPPED', 'stopProcess', 'members:m0');
    await step('PROCESS_GROUP_REMOVED', 'removeProcessGroup', 'talk');
    await supervised.rpc('addProcessGroup', 'talk');
    await told('groupname:talk\n', 3);
    await received(sandbox, 'shell.txt', 'groupname:talk\n', 3);
    await supervised.end('SIGTERM');
    return {
      python: receivedEvents(sandbox, 'python.txt').map(comparable),
      shell: receivedEvents(sandbox, 'shell.txt').map(comparable),
    };
  } finally {
    await sandbox.close();
  }
}

const missing = flavours.map(({ supervisordMissing }) => supervisordMissing).find((why) => why !== null);
const title = 'the event stream of both daemons';

describe.skipIf(missing !== undefined)(missing === undefined ? title : `${title} (${missing})`, () => {
  scenarioTest('B20.1 to B20.9: is the same to the byte, but for pids', async () => {
    const [original, ours] = await Promise.all(flavours.map((flavour) => record(flavour)));
    if (original === undefined || ours === undefined) {
      throw new Error('no two daemons');
    }
    const isStopping = (event: string): boolean => event.includes('SUPERVISOR_STATE_CHANGE_STOPPING');
    const end = original.python.findIndex(isStopping);
    expect(end).toBeGreaterThan(30);
    expect(ours.python.slice(0, end + 1)).toEqual(original.python.slice(0, end + 1));
    expect(ours.shell).toEqual(original.shell);
    // The original stops its listeners before they have heard of all that comes after.
    expect(ours.python.slice(0, original.python.length)).toEqual(original.python);
    const stopped = ours.python.filter((event) => event.includes('PROCESS_STATE_STOPPED')).slice(-3);
    expect(stopped.map((event) => /processname:(\w+)/.exec(event)?.[1])).toEqual(['m1', 'first', 'shell']);
  });
});
