import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventBus } from '../events/bus.ts';
import { tickEvent } from '../events/payloads.ts';
import { eventTypeNamed } from '../events/types.ts';
import { fakeRpcHost } from '../rpc/control.fixture.ts';
import { dispatch } from '../rpc/dispatch.ts';
import type { XmlRpcValue } from '../rpc/xml/value.ts';
import { RpcInterfaces } from './rpc-interfaces.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
const stock = 'supervisor.rpcinterface:make_main_rpcinterface';

beforeAll(() => {
  writeFileSync(
    path.join(directory, 'p.mjs'),
    `export const eventTypes = { OWN: { parent: 'TICK', summary: 'One.' } };
const text = { type: 'string', summary: 'It.' };
const method = (handle) => ({ summary: 'Does it.', parameters: [{ name: 'a', ...text }], result: text, handle });
export const make = (supervisor, options) => {
  const heard = [];
  let end = () => heard.push('never');
  return {
    methods: {
      listen: method((type) => { end = supervisor.onEvent(type, (e) => heard.push(e.type + ' ' + e.payload)); return 'on'; }),
      stop: method(() => { end(); return 'off'; }),
      heard: method(() => heard.join()),
      publish: method((payload) => { supervisor.publish('OWN', payload === 'none' ? undefined : payload); return 'told'; }),
      wrong: method((type) => { supervisor.publish(type, ''); return 'never'; }),
      call: method((name) => supervisor.call(name)),
      fault: method((name) => { throw supervisor.fault(5, name); }),
    },
    close() { globalThis.closedPlugins = (globalThis.closedPlugins ?? 0) + 1; },
  };
};
export const throws = () => { throw new Error('not made'); };
export const later = async () => ({ methods: {} });
`,
  );
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function open(factories: Readonly<Record<string, string>>) {
  const bus = new EventBus((error) => {
    throw error;
  });
  const { registry: _, ...host } = fakeRpcHost();
  const sections = Object.entries(factories).map(([name, factory]) => ({
    name,
    factory: { name: factory, directory },
    options: {},
  }));
  const interfaces = new RpcInterfaces(sections, host, bus);
  const call = async (method: string, ...params: readonly XmlRpcValue[]) => {
    const answer = await dispatch(interfaces.rpc, { method, params }, new AbortController().signal);
    return answer.ok ? answer.value : answer.faultString;
  };
  return { interfaces, bus, call };
}

describe('interfaces of plugins', () => {
  it('B11.3: stand beside the stock one, whose extension comes with it', () => {
    const both = open({ supervisor: stock, own: './p.mjs:make' }).interfaces;
    expect(both.namespaces.map(({ name }) => name)).toEqual(['supervisor', 'own']);
    expect(both.rpc.registry.find('supervisord_ts.planUpdate')).not.toBeNull();
    expect(
      open({ own: './p.mjs:make' }).interfaces.rpc.registry.find('supervisord_ts.planUpdate'),
    ).toBeNull();
  });

  it('call the API, and pass its refusals on', async () => {
    const { call } = open({ supervisor: stock, own: './p.mjs:make' });
    expect(await call('own.call', 'supervisor.getAPIVersion')).toBe('3.0');
    expect(await call('own.call', 'supervisor.nope')).toBe('UNKNOWN_METHOD');
    expect(await call('own.fault', 'MINE')).toBe('MINE');
  });

  it('B20.15: hear and publish events, until they end that or are closed', async () => {
    const { interfaces, bus, call } = open({ own: './p.mjs:make' });
    const told: string[] = [];
    bus.subscribe(eventTypeNamed('OWN'), ({ payload }) => told.push(payload));
    await call('own.listen', 'TICK');
    await call('own.publish', 'one');
    bus.publish(tickEvent(5, 10));
    await call('own.stop', '');
    await call('own.publish', 'two');
    expect(await call('own.heard', '')).toBe('OWN one,TICK_5 when:10');
    expect(told).toEqual(['one', 'two']);
    await call('own.listen', 'OWN');
    interfaces.close();
    expect(Reflect.get(globalThis, 'closedPlugins')).toBe(1);
    await call('own.publish', 'three');
    expect(await call('own.heard', '')).toBe('OWN one,TICK_5 when:10');
  });

  it('cannot use types of events that there are not', async () => {
    const { call } = open({ own: './p.mjs:make' });
    expect(await call('own.listen', 'OWM')).toContain('cannot subscribe to OWM');
    expect(await call('own.wrong', 'TICK_5')).toContain('cannot publish TICK_5');
    expect(await call('own.publish', 'none')).toContain('its payload is no text');
  });

  it('are left out with the reason when they cannot be made', () => {
    const { interfaces } = open({ a: './p.mjs:throws', b: './p.mjs:later', c: './none.mjs:x', d: stock });
    expect(interfaces.namespaces.map(({ name }) => name)).toEqual(['d']);
    expect(
      interfaces.problems.map((problem) => problem.split('\n')[0]?.replaceAll(directory, 'HERE')),
    ).toEqual([
      'Could not make a rpc interface: ./p.mjs:throws threw Error: not made',
      'Could not make b rpc interface: ./p.mjs:later: it did not make an object with methods (a factory cannot be async)',
      'Could not make c rpc interface: there is no file HERE/none.mjs',
    ]);
  });
});
