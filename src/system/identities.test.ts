import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { Identities } from './identities.ts';
import type { IdentityResult } from './system.ts';

const found = (uid: number, ...groups: readonly number[]): IdentityResult => ({
  ok: true,
  identity: { uid, gid: uid, groups: [uid, ...groups] },
});
const missing: IdentityResult = { ok: false, trouble: null };
const trouble = (errno: string): IdentityResult => ({ ok: false, trouble: errno });

/** A name service that answers beside the event loop when the test says so. */
class FakeNames {
  readonly answers = new Map<number, IdentityResult>();
  /** What was asked for while somebody waited. */
  readonly asked: number[] = [];
  readonly pending: { readonly uid: number; answer(result: IdentityResult): void }[] = [];
  /** Later questions are answered at once. */
  refuses: IdentityResult | null = null;

  ask(uid: number): IdentityResult {
    this.asked.push(uid);
    return this.answers.get(uid) ?? missing;
  }

  askLater(uid: number, answered: (result: IdentityResult) => void): void {
    if (this.refuses === null) {
      this.pending.push({ uid, answer: answered });
    } else {
      answered(this.refuses);
    }
  }

  get underWay(): readonly number[] {
    return this.pending.map(({ uid }) => uid);
  }

  /** Answers the oldest question. */
  answer(result: IdentityResult): void {
    this.pending.shift()?.answer(result);
  }
}

let clock: FakeClock;
let names: FakeNames;
let identities: Identities;
/** Who went on, in this order. */
let proceeded: string[];

/** Whether a start has to wait. */
function renew(uid: number, who = `uid ${uid}`): boolean {
  return identities.renew(uid, () => proceeded.push(who));
}

beforeEach(() => {
  clock = new FakeClock();
  names = new FakeNames();
  identities = new Identities(names, clock);
  proceeded = [];
  names.answers.set(33, found(33));
  identities.learn(new Set([33, 34]));
});

describe('what is known', () => {
  it('was asked for once for each user, while somebody waited', () => {
    expect(names.asked).toEqual([33, 34]);
    expect([identities.of(33), identities.of(34)]).toEqual([found(33), missing]);
    expect(identities.of(35)).toEqual(trouble('it has not been looked up yet'));
    expect(names.asked).toEqual([33, 34]);
  });

  it('is asked for at once when a configuration is read again', () => {
    names.answers.set(33, found(33, 4));
    identities.learn(new Set([33]));
    expect(identities.of(33)).toEqual(found(33, 4));
  });

  it('is kept where a later answer is trouble, of a user that does not exist as well', () => {
    names.answers.set(33, trouble('EIO')).set(34, trouble('EIO')).set(35, trouble('EIO'));
    identities.learn(new Set([33, 34, 35]));
    expect([33, 34, 35].map((uid) => identities.of(uid))).toEqual([found(33), missing, trouble('EIO')]);
    names.answers.set(35, trouble('EMFILE'));
    identities.learn(new Set([35]));
    expect(identities.of(35)).toEqual(trouble('EMFILE'));
  });

  it('is no more once the user has been removed', () => {
    names.answers.set(33, missing);
    identities.learn(new Set([33]));
    expect(identities.of(33)).toEqual(missing);
  });
});

describe('a start', () => {
  it('asks nobody within a second of the last answer', () => {
    clock.advance(999);
    expect(renew(33)).toBe(false);
    expect(names.underWay).toEqual([]);
  });

  it('waits for the answer, and finds groups that were added', () => {
    clock.advance(1000);
    expect(renew(33)).toBe(true);
    expect(proceeded).toEqual([]);
    names.answer(found(33, 4));
    expect(proceeded).toEqual(['uid 33']);
    expect(identities.of(33)).toEqual(found(33, 4));
    expect(clock.pending).toBe(0);
  });

  it('waits a second at most, and takes what is known', () => {
    clock.advance(1000);
    renew(33);
    clock.advance(999);
    expect(proceeded).toEqual([]);
    clock.advance(1);
    expect(proceeded).toEqual(['uid 33']);
    expect(identities.of(33)).toEqual(found(33));
    names.answer(found(33, 4));
    expect(proceeded).toEqual(['uid 33']);
    expect(identities.of(33)).toEqual(found(33, 4));
  });

  it('does not wait while the name service hangs, whoever is asked for', () => {
    clock.advance(1000);
    renew(33);
    clock.advance(1000);
    expect([renew(33), renew(34)]).toEqual([false, false]);
    expect(names.underWay).toEqual([33]);
    names.answer(found(33));
    expect(names.underWay).toEqual([33]);
    names.answer(found(33, 4));
    expect(names.underWay).toEqual([34]);
  });

  it('shares the look-up with others of its user', () => {
    clock.advance(1000);
    expect(['a', 'b', 'c'].map((who) => renew(33, who))).toEqual([true, true, true]);
    expect(names.underWay).toEqual([33]);
    names.answer(found(33));
    expect(proceeded).toEqual(['a', 'b', 'c']);
    expect(names.underWay).toEqual([]);
  });

  it('waits its turn behind other users', () => {
    clock.advance(1000);
    expect([renew(33), renew(34)]).toEqual([true, true]);
    expect(names.underWay).toEqual([33]);
    names.answer(found(33));
    names.answer(found(34));
    expect(proceeded).toEqual(['uid 33', 'uid 34']);
  });

  it('goes on where nobody can be asked', () => {
    names.refuses = trouble('EAGAIN');
    clock.advance(1000);
    expect([renew(33), renew(35)]).toEqual([false, false]);
    expect([identities.of(33), identities.of(35)]).toEqual([found(33), trouble('EAGAIN')]);
  });
});

describe('a look-up that hangs', () => {
  it('has another begun beside it after a minute, four at most', () => {
    clock.advance(1000);
    for (let turn = 0; turn < 6; turn += 1) {
      renew(33);
      clock.advance(60_000);
    }
    expect(names.underWay).toEqual([33, 33, 33, 33]);
  });

  it('takes nothing from a later answer', () => {
    clock.advance(1000);
    renew(33);
    clock.advance(60_000);
    renew(33);
    names.pending[1]?.answer(found(33, 4));
    names.pending[0]?.answer(found(33));
    expect(identities.of(33)).toEqual(found(33, 4));
  });
});
