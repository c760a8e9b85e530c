import { describe, expect, it } from 'vitest';
import { logText } from '../../logging/log-text.ts';
import { fakeRpcHost } from '../control.fixture.ts';
import { dispatch } from '../dispatch.ts';
import { makeRegistry } from '../registry.ts';
import type { MethodResponse, XmlRpcValue } from '../xml/value.ts';
import { namespaceOf } from './namespace.ts';

const result = { type: 'string', summary: 'What it says.' };

function method(handle: (...params: readonly never[]) => unknown, changes: object = {}) {
  return { summary: 'Says something.', result, handle, ...changes };
}

function outcomeOf(methods: unknown) {
  const lines: string[] = [];
  const outcome = namespaceOf('own', methods === undefined ? {} : { methods }, (level, message) => {
    lines.push(`${level} ${logText(message).split('\n')[0]}`);
  });
  return { outcome, lines };
}

/** Calls the methods of a namespace as a client does. */
function serve(methods: object, signal = new AbortController().signal) {
  const { outcome, lines } = outcomeOf(methods);
  if (!outcome.ok) {
    throw new Error(outcome.reason);
  }
  const host = { ...fakeRpcHost(), registry: makeRegistry([outcome.namespace]) };
  const call = (name: string, ...params: readonly XmlRpcValue[]): Promise<MethodResponse> =>
    dispatch(host, { method: name, params }, signal);
  return { call, lines, host };
}

describe('a namespace of a plugin', () => {
  it('B11.3: is listed, explained and called', async () => {
    const parameters = [
      { name: 'count', type: 'int', summary: 'How many.' },
      { name: 'loud', type: 'boolean', summary: 'Whether.', fallback: false },
    ];
    const say = method((count: number, loud: boolean) => `${count} ${String(loud)}`, { parameters });
    const tell = {
      summary: 'Tells.',
      parameters: [{ name: 'text', type: 'string', summary: 'What.' }],
      result,
      owner: 'mine',
      handle(text: string) {
        return `${text} of ${this.owner}`;
      },
    };
    const { call } = serve({ say, tell });
    expect(await call('own.say', '3')).toEqual({ ok: true, value: '3 false' });
    expect(await call('own.say', 3, true)).toEqual({ ok: true, value: '3 true' });
    expect(await call('own.tell', Buffer.from('häß'))).toEqual({ ok: true, value: 'häß of mine' });
    expect(await call('system.methodSignature', 'own.say')).toMatchObject({
      value: ['string', 'int', 'boolean'],
    });
    expect(await call('system.methodHelp', 'own.say')).toMatchObject({
      value: expect.stringContaining('@param int count How many.'),
    });
    expect(await call('system.listMethods')).toMatchObject({ value: expect.arrayContaining(['own.say']) });
  });

  it.each([
    ['string', 1],
    ['int', 'x'],
    ['boolean', 'yes'],
    ['array', { a: 1 }],
    ['struct', [1]],
    ['struct', null],
  ] as const)('refuses for a parameter of type %s the argument %j', async (type, argument) => {
    const say = method(() => 'never', { parameters: [{ name: 'a', type, summary: 'It.' }] });
    const { call } = serve({ say });
    expect(await call('own.say', argument)).toMatchObject({ faultString: 'INCORRECT_PARAMETERS' });
    expect(await call('own.say')).toMatchObject({ faultString: 'INCORRECT_PARAMETERS' });
  });

  it('turns what a method throws into a fault, and logs what it did not mean', async () => {
    const thrower = (error: unknown) => () => {
      throw error;
    };
    const { call, lines } = serve({
      own: method(thrower({ faultCode: 12345, faultString: 'MINE' })),
      broken: method(thrower(new TypeError('x is undefined'))),
      later: method(() => Promise.reject(new Error('later'))),
      odd: method(thrower(undefined)),
    });
    expect(await call('own.own')).toEqual({ ok: false, faultCode: 12345, faultString: 'MINE' });
    expect(await call('own.broken')).toMatchObject({
      faultCode: 30,
      faultString: 'FAILED: own.broken: x is undefined',
    });
    expect(await call('own.later')).toMatchObject({ faultString: 'FAILED: own.later: later' });
    expect(await call('own.odd')).toMatchObject({ faultString: 'FAILED: own.odd: undefined' });
    expect(lines).toEqual([
      'error XML-RPC method own.broken() of a plugin raised an unexpected exception: TypeError: x is undefined',
      'error XML-RPC method own.later() of a plugin raised an unexpected exception: Error: later',
      'error XML-RPC method own.odd() of a plugin raised an unexpected exception: undefined',
    ]);
  });

  it.each([undefined, Number.NaN, 1n, [() => 1], { a: { b: undefined } }])(
    'does not answer what XML-RPC has no form for',
    async (value) => {
      const { call } = serve({ say: method(() => value) });
      expect(await call('own.say')).toMatchObject({
        faultString: 'FAILED: own.say: its result has no form in XML-RPC',
      });
    },
  );

  it('waits no longer than the client does', async () => {
    const client = new AbortController();
    const { call } = serve({ say: method(() => new Promise(() => undefined)) }, client.signal);
    const answer = call('own.say');
    client.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
  });

  it('B18.5: answers during the shutdown only where it says so', async () => {
    const { call, host } = serve({
      say: method(() => 'up'),
      always: method(() => 'going', { duringShutdown: true }),
    });
    host.control.state = 'SHUTDOWN';
    expect(await call('own.say')).toMatchObject({ faultString: 'SHUTDOWN_STATE' });
    expect(await call('own.always')).toEqual({ ok: true, value: 'going' });
  });

  it.each([
    [undefined, 'it did not make an object with methods'],
    [{ _say: method(() => '') }, 'own._say is no name of a method'],
    [{ say: () => '' }, 'own.say needs a summary and a function handle'],
    [{ say: method(() => '', { result: { type: 'text' } }) }, 'own.say needs a result with type and summary'],
    [
      { say: method(() => '', { parameters: [{ name: 'a' }] }) },
      'own.say has parameters without name, type and summary',
    ],
  ])('is refused as a whole for a mistake: %#', (methods, reason) => {
    expect(outcomeOf(methods).outcome).toEqual({ ok: false, reason });
  });

  it('is not made by a promise', () => {
    expect(namespaceOf('own', Promise.resolve({}), () => undefined)).toMatchObject({
      reason: 'it did not make an object with methods (a factory cannot be async)',
    });
  });
});
