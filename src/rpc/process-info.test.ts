import { describe, expect, it } from 'vitest';
import { processSettings } from '../process/settings.fixture.ts';
import { FakeControl, FakeProcess } from './control.fixture.ts';
import { allProcessInfo, freshProcessInfo, processInfo } from './process-info.ts';
import { encodeMethodResponse, encodeResponseBytes } from './xml/encode.ts';

const nowMs = 1_000_000_000;

function running(): FakeProcess {
  const process = new FakeProcess(processSettings({ name: 'a' }));
  process.startedAtMs = nowMs - 5000;
  process.become('RUNNING', { pid: 7 });
  return process;
}

describe('processInfo', () => {
  it('B18.15: is the same answer while nothing changes, and encoded once', () => {
    const process = running();
    const first = processInfo('g', process, nowMs);
    const text = encodeMethodResponse(first);
    expect(processInfo('g', process, nowMs + 999)).toBe(first);
    expect(encodeMethodResponse(first)).toBe(text);
    expect(text).toContain('<string>pid 7, uptime 0:00:05</string>');
  });

  it('B18.15: is another one as soon as anything differs', () => {
    const process = running();
    const first = processInfo('g', process, nowMs);
    expect(encodeMethodResponse(processInfo('g', process, nowMs + 1000))).toContain('uptime 0:00:06');
    expect(encodeMethodResponse(processInfo('h', process, nowMs))).toContain('<string>h</string>');
    process.become('FATAL', { pid: 0, spawnError: 'Exited too quickly' });
    expect(encodeMethodResponse(processInfo('g', process, nowMs))).toContain('Exited too quickly');
    process.become('EXITED', { exitStatus: 3, spawnError: null });
    process.stoppedAtMs = nowMs - 1000;
    process.stdoutLogPath = '/o';
    process.stderrLogPath = '/e';
    expect(processInfo('g', process, nowMs)).toEqual(freshProcessInfo('g', process, nowMs));
    expect(first.statename).toBe('RUNNING');
  });
});

describe('allProcessInfo', () => {
  it('B18.15: is the same array, and the same bytes, while nothing changes', () => {
    const control = new FakeControl();
    control.addFakeGroup('g', [{ name: 'a' }]);
    const process = control.process('g', 'a');
    process.startedAtMs = nowMs - 5000;
    process.become('RUNNING', { pid: 7 });
    const first = allProcessInfo(control, nowMs);
    const bytes = encodeResponseBytes(first);
    expect(Buffer.from(bytes).toString()).toBe(encodeMethodResponse(first));
    expect(encodeResponseBytes(allProcessInfo(control, nowMs + 1))).toBe(bytes);
    expect(Buffer.from(encodeResponseBytes(allProcessInfo(control, nowMs + 1000))).toString()).toContain(
      '0:00:06',
    );
    process.become('STOPPING');
    expect(allProcessInfo(control, nowMs)).toMatchObject([{ statename: 'STOPPING' }]);
    control.groups.clear();
    expect(allProcessInfo(control, nowMs)).toEqual([]);
  });
});
