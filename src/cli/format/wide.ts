/**
 * What `status --wide` shows beside the state: processor, memory, restarts and the latest end.
 */
import type { ProcessUsage } from '../../client/usage.ts';
import type { CommandResult, ResultField } from '../result.ts';
import { padText } from './padding.ts';

export const wideFields: readonly ResultField[] = [
  ['cpuPercent?', 'number or null', 'with `--wide`: processor use, 100 being one whole processor'],
  ['memoryBytes?', 'number or null', 'with `--wide`: resident memory'],
  ['restarts?', 'number or null', 'with `--wide`: automatic starts since supervisord started'],
  [
    'exit?',
    'object or null',
    'with `--wide`: the latest end: `code` or `signal`, `coreDumped`, `expected` and `atMs`',
  ],
];

/** All null where the daemon does not tell. */
export function wideResult(usage: ProcessUsage | undefined): CommandResult {
  const { cpuPercent = null, memoryBytes = null, restarts = null, exit = null } = usage ?? {};
  return { cpuPercent, memoryBytes, restarts, exit: exit === null ? null : { ...exit } };
}

const widths = { cpu: 7, memory: 8, restarts: 10, exit: 14 };

export const wideHeading =
  'CPU'.padStart(widths.cpu) +
  'MEMORY'.padStart(widths.memory) +
  'RESTARTS'.padStart(widths.restarts) +
  padText('  LAST EXIT', widths.exit + 2);

/** The cells, with `-` for what is not known. */
export function wideCells(usage: ProcessUsage | undefined): string {
  const { cpuPercent = null, memoryBytes = null, restarts = null, exit = null } = usage ?? {};
  return (
    (cpuPercent === null ? '-' : `${cpuPercent.toFixed(1)}%`).padStart(widths.cpu) +
    (memoryBytes === null ? '-' : formatBytes(memoryBytes)).padStart(widths.memory) +
    (restarts === null ? '-' : String(restarts)).padStart(widths.restarts) +
    padText(`  ${exitText(exit)}`, widths.exit + 2)
  );
}

const units = ['B', 'K', 'M', 'G', 'T'] as const;

/** `512B`, `1.5K`, `12M`: three digits at most, in powers of 1024. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return `${digits}${units[unit] ?? ''}`;
}

function exitText(exit: ProcessUsage['exit']): string {
  if (exit === null) {
    return '-';
  }
  const core = exit.coreDumped ? ' (core)' : '';
  return exit.signal === null ? `status ${exit.code ?? '?'}` : `${exit.signal}${core}`;
}
