import { describe, expect, it } from 'vitest';
import { FakeHost } from './host.fixture.ts';

const web = { uid: 33, gid: 33, groups: [33] };

/** A host whose name service takes its time. */
function slowHost(): FakeHost {
  const host = new FakeHost();
  host.system.users.set(33, web);
  host.system.lookupsTakeTime = true;
  return host;
}

describe('a program with a user of its own', () => {
  it('is STARTING until its user has been looked up, and has the groups that it has then', () => {
    const host = slowHost();
    const process = host.process({ uid: 33 });
    process.start();
    expect([process.state, process.isSpawning, host.system.spawned.length]).toEqual(['STARTING', true, 0]);
    const changed = { ...web, groups: [33, 4] };
    host.system.users.set(33, changed);
    host.system.answerLookups();
    expect(host.system.spawned.map(({ identity }) => identity)).toEqual([changed]);
    expect([process.pid, process.isSpawning]).toEqual([1001, false]);
    host.clock.advance(1000);
    expect(process.state).toBe('RUNNING');
  });

  it('is told to those who wait for the outcome', () => {
    const host = slowHost();
    const process = host.process({ uid: 33 });
    process.start();
    const seen: boolean[] = [];
    process.onStateChange(() => seen.push(process.isSpawning));
    host.system.answerLookups();
    expect(seen).toEqual([false]);
  });

  it('can be stopped meanwhile', () => {
    const host = slowHost();
    const process = host.process({ uid: 33 });
    process.start();
    expect(process.stop()).toBeNull();
    host.system.answerLookups();
    expect(process.state).toBe('STOPPING');
    host.end(process, 0);
    expect(process.state).toBe('STOPPED');
  });

  it.each([null, 0])('that is the user of the daemon (%s) waits for nobody', (uid) => {
    const host = slowHost();
    const process = host.process({ uid });
    process.start();
    expect(process.pid).toBe(1001);
  });

  it('fails to start when its user does not exist', () => {
    const host = new FakeHost();
    const process = host.process({ uid: 34, startRetries: 0 });
    process.start();
    expect([process.state, process.spawnError]).toEqual([
      'FATAL',
      "couldn't setuid to 34: Can't find uid 34",
    ]);
  });

  it('is tried again when its user cannot be looked up', () => {
    const host = new FakeHost();
    host.system.lookupTrouble = 'EIO';
    const process = host.process({ uid: 33, startRetries: 0 });
    process.start();
    expect([process.state, process.spawnError]).toEqual([
      'BACKOFF',
      "couldn't setuid to 33: cannot look up uid 33: EIO",
    ]);
    host.system.users.set(33, web);
    host.clock.advance(1000);
    expect(process.pid).toBe(1001);
  });
});
