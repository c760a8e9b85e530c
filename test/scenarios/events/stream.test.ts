/** The same happenings on the original and on ours: listeners must be told the same. */
import { readFileSync, writeFileSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { flavours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from '../lifecycle/supervised.ts';
import { comparable, pythonListener, received, receivedEvents, shellListener } from './listeners.ts';

const output = String.raw`read x; printf "h\303\244user<!--XSUPERVISOR:BEGIN-->comm\nunication<!--XSUPERVISOR:END-->";
  read x; printf "to stderr, and longer than a token" >&2; read x; printf "longer than a token of capture mode: \377"; read x
  printf "<!--XSUPERVISOR:BEGIN-->by stderr<!--XSUPERVISOR:END-->" >&2; read x; exit 7`;

const programs = `[program:first]
command=/bin/sleep 1000
[program:talk]
command=/bin/sh %(here)s/talk.sh
startsecs=0
autostart=false
autorestart=false
stdout_events_enabled=true
stdout_capture_maxbytes=1000
stderr_events_enabled=true
stderr_capture_maxbytes=1000
; It lives for a moment, so that no daemon sees its end in the turn in which it was started.
[program:broken]
command=/bin/sh -c 'sleep 0.3; exit 1'
startretries=1
startsecs=5
autostart=false
[program:absent]
command=/no/such/command
startretries=0
autostart=false
[program:crashing]
command=/bin/sleep 1000
startsecs=0
autostart=false
autorestart=true
[program:stubborn]
command=/bin/sh -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done'
startsecs=0
autostart=false
stopwaitsecs=1
killasgroup=true
[program:members]
command=/bin/sleep 1000
process_name=m%(process_num)s
numprocs=2
autostart=false
startsecs=0
`;

/** Goes through everything that there is an event for, each after the event of the one before has come. */
class Story {
  readonly sandbox = new Sandbox();
  readonly #listener: string;
  readonly #supervised: Supervised;

  private constructor(sandbox: Sandbox, supervised: Supervised, listener: string) {
    this.sandbox = sandbox;
    this.#supervised = supervised;
    this.#listener = listener;
  }

  /** `listener`: name of the pool whose file is watched. */
  static async begin(
    flavour: Flavour,
    listener: string,
    pools: (sandbox: Sandbox) => string,
  ): Promise<Story> {
    const sandbox = new Sandbox();
    try {
      sandbox.write('talk.sh', output);
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `${pools(sandbox)}${programs}`,
        'identifier=über',
      );
      return new Story(sandbox, supervised, listener);
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  told(text: string, count = 1, listener = this.#listener): Promise<true> {
    return received(this.sandbox, `${listener}.txt`, text, count);
  }

  async step(text: string, method: string, ...params: readonly (string | boolean)[]): Promise<void> {
    await this.#supervised.rpc(method, ...params);
    await this.told(text);
  }

  async tell(): Promise<void> {
    const supervised = this.#supervised;
    await this.told('groupname:first from_state:STARTING');
    await this.step('sent by a client', 'sendRemoteCommEvent', 'a type', 'sent by a client\nhäß 😀');
    await this.step('groupname:talk from_state:STARTING', 'startProcess', 'talk');
    await this.step('PROCESS_COMMUNICATION_STDOUT', 'sendProcessStdin', 'talk', '\n');
    await this.step('to stderr', 'sendProcessStdin', 'talk', '\n');
    await this.step('Undecodable', 'sendProcessStdin', 'talk', '\n');
    await this.step('PROCESS_COMMUNICATION_STDERR', 'sendProcessStdin', 'talk', '\n');
    await this.step('PROCESS_STATE_EXITED', 'sendProcessStdin', 'talk', '\n');
    await this.step('groupname:broken from_state:BACKOFF', 'startProcess', 'broken', false);
    await this.told('PROCESS_STATE_FATAL');
    await supervised.rpc('startProcess', 'absent').catch(() => undefined);
    await this.step('groupname:crashing from_state:STARTING', 'startProcess', 'crashing');
    process.kill((await supervised.info('crashing')).pid, 'SIGKILL');
    await this.told('groupname:crashing from_state:STARTING', 2);
    await this.step('groupname:stubborn from_state:STARTING', 'startProcess', 'stubborn');
    await waitFor('the trap', async () =>
      JSON.stringify(await supervised.rpc('readProcessStdoutLog', 'stubborn', 0, 0)).includes('ready'),
    );
    await this.step('groupname:stubborn from_state:STOPPING', 'stopProcess', 'stubborn');
    await this.step('processname:m1 groupname:members from_state:STARTING', 'startProcessGroup', 'members');
    await this.step('processname:m0 groupname:members from_state:STOPPING', 'stopProcess', 'members:m0');
    await this.step('PROCESS_GROUP_REMOVED', 'removeProcessGroup', 'talk');
    await supervised.rpc('addProcessGroup', 'talk');
    await this.told('groupname:talk\n', 3);
    await this.#updateFirst();
  }

  /** What an update does to a group that has changed. */
  async #updateFirst(): Promise<void> {
    const supervised = this.#supervised;
    const { configFile } = supervised.config;
    const text = readFileSync(configFile, 'utf8');
    writeFileSync(configFile, text.replace('[program:first]', '[program:first]\npriority=7'));
    await supervised.rpc('reloadConfig');
    await this.step('groupname:first from_state:STOPPING', 'stopProcessGroup', 'first');
    await supervised.rpc('removeProcessGroup', 'first');
    await supervised.rpc('addProcessGroup', 'first');
    await this.told('groupname:first from_state:STARTING', 2);
  }

  async restart(): Promise<void> {
    await this.#supervised.rpc('restart');
    await this.told('groupname:first from_state:STARTING', 3);
  }

  async end(): Promise<void> {
    await this.#supervised.end('SIGTERM');
  }

  events(listener: string): readonly string[] {
    return receivedEvents(this.sandbox, `${listener}.txt`).map(comparable);
  }
}

interface Streams {
  readonly python: readonly string[];
  readonly shell: readonly string[];
}

/** Two pools with serials of their own, on different parts of the tree. */
async function recordPools(flavour: Flavour): Promise<Streams> {
  const story = await Story.begin(
    flavour,
    'python',
    (sandbox) => `[eventlistener:python]
command=${pythonListener(sandbox, 'python.txt')}
events=PROCESS_STATE,PROCESS_LOG,PROCESS_COMMUNICATION,REMOTE_COMMUNICATION,SUPERVISOR_STATE_CHANGE,PROCESS_GROUP
buffer_size=100
[eventlistener:shell]
command=${shellListener(sandbox, 'shell.txt', 'ok')}
events=process_state_exited,PROCESS_STATE_BACKOFF,PROCESS_GROUP,PROCESS_COMMUNICATION
priority=5
`,
  );
  try {
    await story.told('groupname:shell from_state:STARTING');
    await story.tell();
    await story.told('groupname:first\n', 3, 'shell');
    await story.end();
    return { python: story.events('python'), shell: story.events('shell') };
  } finally {
    await story.close();
  }
}

/** One pool on the root of the tree; over a restart. */
async function recordEverything(flavour: Flavour): Promise<readonly string[]> {
  const story = await Story.begin(
    flavour,
    'every',
    (sandbox) => `[eventlistener:every]
command=${pythonListener(sandbox, 'every.txt')}
events=EVENT
buffer_size=100
`,
  );
  try {
    await story.tell();
    await story.told('eventname:TICK_5');
    await story.restart();
    await story.end();
    return story.events('every');
  } finally {
    await story.close();
  }
}

const missing = flavours.map(({ supervisordMissing }) => supervisordMissing).find((why) => why !== null);
const title = 'the event stream of both daemons';

describe
  .skipIf(missing !== undefined)
  .concurrent(missing === undefined ? title : `${title} (${missing})`, () => {
    scenarioTest('B20.1 to B20.9: is the same to the byte, but for pids', async () => {
      const [original, ours] = await Promise.all(flavours.map((flavour) => recordPools(flavour)));
      if (original === undefined || ours === undefined) {
        throw new Error('no two daemons');
      }
      const isStopping = (event: string): boolean => event.includes('SUPERVISOR_STATE_CHANGE_STOPPING');
      const end = original.python.findIndex(isStopping);
      expect(end).toBeGreaterThan(50);
      expect(ours.python.slice(0, end + 1)).toEqual(original.python.slice(0, end + 1));
      expect(ours.shell).toEqual(original.shell);
      // The original stops its listeners before they have heard of all that comes after.
      expect(ours.python.slice(0, original.python.length)).toEqual(original.python);
      const stopped = ours.python.filter((event) => event.includes('PROCESS_STATE_STOPPED')).slice(-4);
      expect(stopped.map((event) => /processname:(\w+)/.exec(event)?.[1])).toEqual([
        'm1',
        'crashing',
        'first',
        'shell',
      ]);
    });

    scenarioTest('B20.8: a subscription to EVENT is one to everything, ticks included', async () => {
      const [original = [], ours = []] = await Promise.all(
        flavours.map((flavour) => recordEverything(flavour)),
      );
      const names = new Set(ours.map((event) => /eventname:(\w+)/.exec(event)?.[1]));
      const ticks = [...names].filter((name) => name?.startsWith('TICK_'));
      expect(ticks).toContain('TICK_5');
      expect(names).toEqual(
        new Set([
          'PROCESS_COMMUNICATION_STDERR',
          'PROCESS_COMMUNICATION_STDOUT',
          'PROCESS_GROUP_ADDED',
          'PROCESS_GROUP_REMOVED',
          'PROCESS_LOG_STDERR',
          'PROCESS_LOG_STDOUT',
          'PROCESS_STATE_BACKOFF',
          'PROCESS_STATE_EXITED',
          'PROCESS_STATE_FATAL',
          'PROCESS_STATE_RUNNING',
          'PROCESS_STATE_STARTING',
          'PROCESS_STATE_STOPPED',
          'PROCESS_STATE_STOPPING',
          'REMOTE_COMMUNICATION',
          'SUPERVISOR_STATE_CHANGE_RUNNING',
          'SUPERVISOR_STATE_CHANGE_STOPPING',
          ...ticks,
        ]),
      );
      const [lives, livesOfOriginal] = [ours, original].map((events) => splitLives(events));
      expect(lives?.map((life) => life.slice(0, -1))).toEqual(
        livesOfOriginal?.map((life) => life.slice(0, -1)),
      );
    });
  });

/**
 * The events of each life of the daemon up to its end, of which listeners are not sure to be told; without ticks, which come
 * when it is time, and so without serials.
 */
function splitLives(events: readonly string[]): readonly (readonly string[])[] {
  const lives: string[][] = [];
  let isEnding = true;
  for (const event of events.filter((text) => !text.includes('eventname:TICK_'))) {
    const text = event.replace(/serial:\d+/, 'serial:N').replace(/poolserial:\d+/, 'poolserial:N');
    if (isEnding && text.includes('PROCESS_GROUP_ADDED')) {
      lives.push([]);
      isEnding = false;
    }
    if (!isEnding) {
      lives.at(-1)?.push(text);
    }
    isEnding ||= text.includes('SUPERVISOR_STATE_CHANGE_STOPPING');
  }
  return lives;
}
