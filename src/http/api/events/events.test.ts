/** The event stream, over a scripted daemon. */
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serveApi } from '../api.fixture.ts';
import { RawConnection } from '../../server.fixture.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start() {
  const served = await serveApi();
  closers.push(served.close);
  const { control, host } = served;
  control.addFakeGroup('web', [{ name: 'web' }]);
  const change = (from: 'STOPPED' | 'RUNNING', to: 'STOPPED' | 'RUNNING'): void => {
    control.process('web').state = to;
    const text = `web ${to}`;
    host.journal.add({ kind: 'state', process: 'web', from, to, cause: null, text });
  };
  /** Lets the news that were collected go out. */
  const tick = (): void => host.clock.advance(100);
  const open = async (query = '', headers = ''): Promise<RawConnection> => {
    const connection = new RawConnection(served.file);
    connection.write(`GET /api/v1/events${query} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    await connection.receive((text) => text.includes('retry: '));
    return connection;
  };
  return { ...served, change, tick, open };
}

/** Types and data of the events in a stream, without the framing of HTTP. */
function eventsIn(text: string): readonly { readonly event: string; readonly data: unknown }[] {
  return [...text.matchAll(/^event: (\w+)\n(?:id: \d+\n)?data: (.*)$/gm)].map(
    ([, event = '', data = '']) => ({
      event,
      data: JSON.parse(data) as unknown,
    }),
  );
}

function lastIdIn(text: string): string {
  return [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
}

describe('the event stream', () => {
  it('tells of a change: the process as it is now, then the entry with its number', async () => {
    const { change, tick, open, host } = await start();
    const stream = await open();
    change('STOPPED', 'RUNNING');
    change('RUNNING', 'STOPPED');
    tick();
    const text = await stream.receive((received) => received.includes(`id: ${host.journal.lastId}`));
    expect(text).toContain('Content-Type: text/event-stream');
    expect(text).toContain('X-Accel-Buffering: no');
    expect(eventsIn(text)).toMatchObject([
      { event: 'process', data: { name: 'web', state: 'STOPPED' } },
      { event: 'timeline', data: { kind: 'state', from: 'STOPPED', to: 'RUNNING' } },
      { event: 'timeline', data: { kind: 'state', from: 'RUNNING', to: 'STOPPED' } },
    ]);
  });

  it('tells of groups that come and go, and of the daemon', async () => {
    const { control, host, tick, open } = await start();
    const stream = await open();
    const gone = ['old', 'old:x'];
    const news = { kind: 'group', group: 'old', change: 'removed', processes: [], gone, text: '' } as const;
    host.journal.add(news);
    host.journal.add({ ...news, group: 'web', change: 'added', processes: ['web'], gone: [] });
    control.state = 'SHUTDOWN';
    host.journal.add({ kind: 'daemon', text: 'the daemon shuts down' });
    tick();
    const text = await stream.receive((received) => received.includes(`id: ${host.journal.lastId}`));
    expect(eventsIn(text).slice(0, 4)).toMatchObject([
      { event: 'removed', data: { name: 'old' } },
      { event: 'removed', data: { name: 'old:x' } },
      { event: 'process', data: { name: 'web' } },
      { event: 'daemon', data: { state: { code: -1, name: 'SHUTDOWN' } } },
    ]);
  });

  it('goes on where a connection broke', async () => {
    const { change, tick, open, host } = await start();
    const first = await open();
    change('STOPPED', 'RUNNING');
    tick();
    const id = lastIdIn(await first.receive((text) => text.includes('"to":"RUNNING"')));
    first.socket.destroy();
    change('RUNNING', 'STOPPED');
    for (const [query, headers] of [
      ['', `Last-Event-ID: ${id}\r\n`],
      [`?since=${id}`, ''],
    ] as const) {
      const second = await open(query, headers);
      const text = await second.receive((received) => received.includes('"to":"STOPPED"'));
      expect(eventsIn(text)).toMatchObject([
        { event: 'process', data: { name: 'web', state: 'STOPPED' } },
        { event: 'timeline', data: { from: 'RUNNING', to: 'STOPPED' } },
      ]);
      expect(lastIdIn(text)).toBe(String(host.journal.lastId));
      second.socket.destroy();
    }
  });

  it.each(['1', '99999999999999999999', 'x', '-1'])('says so when it cannot go on after %s', async (id) => {
    const { open } = await start();
    const stream = await open('', `Last-Event-ID: ${id}\r\n`);
    expect(eventsIn(await stream.receive((text) => text.includes('event: reset')))).toEqual([
      { event: 'reset', data: {} },
    ]);
  });

  it('measures only for who asked for it, as long as he is there', async () => {
    const { control, open, host } = await start();
    Object.assign(control.process('web'), { state: 'RUNNING', pid: 42 });
    control.proc.set(42, { memoryBytes: 5 });
    const plain = await open();
    expect(control.proc.reads).toBe(0);
    const stream = await open('?statistics=1');
    const text = await stream.receive((received) => received.includes('event: statistics'));
    expect(eventsIn(text)).toEqual([
      { event: 'statistics', data: { atMs: host.clock.wallMs(), values: { web: [null, 5] } } },
    ]);
    expect(await plain.receive(() => true)).not.toContain('statistics');
  });

  it('tells lines of the activity log to who asked for them', async () => {
    const { activity, open } = await start();
    const stream = await open('?activity=1');
    activity.log({ wallMs: 5, level: 'info', message: 'two\nlines <b>' });
    expect(eventsIn(await stream.receive((text) => text.includes('event: activity')))).toEqual([
      { event: 'activity', data: { atMs: 5, level: 'info', message: 'two\nlines <b>' } },
    ]);
    const ended = new Promise((resolve) => stream.socket.once('close', resolve));
    stream.socket.destroy();
    await ended;
    while (activity.listeners > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('leaves no timer and no listener behind', async () => {
    const { open, host, activity, control } = await start();
    const stream = await open('?statistics=1&activity=1');
    stream.socket.destroy();
    while (host.clock.pending > 0 || activity.listeners > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { reads } = control.proc;
    host.clock.advance(60_000);
    expect(control.proc.reads).toBe(reads);
  });

  it('drops a client that does not read, with little kept for it, and the others hear on', async () => {
    const { activity, open } = await start();
    const deaf = await open('?activity=1');
    deaf.socket.pause();
    const hearing = await open();
    const message = 'x'.repeat(100_000);
    while (activity.listeners > 0) {
      activity.log({ wallMs: 1, level: 'info', message });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hearing.socket.destroyed).toBe(false);
  });
});

describe('followed logs', () => {
  async function startWithLog() {
    const served = await start();
    const log = path.join(served.directory, 'web.log');
    writeFileSync(log, 'before\n');
    served.control.process('web').stdoutLogPath = log;
    return { ...served, log };
  }

  it('begin at their end, and tell where', async () => {
    const { log, open } = await startWithLog();
    const stream = await open('?logs=web/stdout');
    await stream.receive((text) => text.includes('event: log'));
    appendFileSync(log, 'a <script> é\n');
    const text = await stream.receive((received) => received.includes('a <script>'));
    expect(eventsIn(text)).toEqual([
      { event: 'log', data: { name: 'web', stream: 'stdout', offset: 7, end: 7, text: '' } },
      { event: 'log', data: { name: 'web', stream: 'stdout', offset: 7, end: 21, text: 'a <script> é\n' } },
    ]);
  });

  it('keep characters together, and go on after a rotation', async () => {
    const { log, open } = await startWithLog();
    const stream = await open('?logs=web/stdout');
    await stream.receive((text) => text.includes('event: log'));
    appendFileSync(log, Buffer.from([0x61, 0xe2, 0x82]));
    await stream.receive((text) => text.includes('"text":"a"'));
    appendFileSync(log, Buffer.from([0xac]));
    await stream.receive((text) => text.includes('"text":"€"'));
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'new\n');
    const text = await stream.receive((received) => received.includes('new'));
    expect(eventsIn(text).slice(1)).toMatchObject([
      { data: { offset: 7, end: 8, text: 'a' } },
      { data: { offset: 8, end: 11, text: '€' } },
      { data: { rotated: true } },
      { data: { offset: 0, end: 4, text: 'new\n' } },
    ]);
  });

  it.each([
    ['web', 400],
    ['web/stdin', 400],
    ['nobody/stdout', 404],
    [Array.from({ length: 51 }, () => 'web/stdout').join(','), 400],
  ])('are refused for %s', async (logs, status) => {
    const { get } = await startWithLog();
    expect((await get(`/events?logs=${logs}`)).status).toBe(status);
  });
});
