import { describe, expect, it } from 'vitest';
import { CannedFault } from '../client/canned-daemon.fixture.ts';
import { faultCodes } from '../rpc/faults.ts';
import { cannedLine, up } from './canned-run.fixture.ts';
import { renderCommandDocs } from './command-docs.ts';
import { commands } from './commands/table.ts';
import { cannedProcess } from './process-info.fixture.ts';
import type { CommandResult, JsonDocument, ResultField } from './result.ts';

const web = cannedProcess('web', 'w0');
const outcome = { name: 'w0', group: 'web', status: faultCodes.SUCCESS, description: 'OK' };
const configured = {
  name: 'w0',
  group: 'web',
  inuse: true,
  autostart: true,
  group_prio: 999,
  process_prio: 999,
};

const answers = up({
  getAllProcessInfo: [web],
  getProcessInfo: web,
  getPID: 3,
  getSupervisorVersion: '5.0.0',
  getAllConfigInfo: [configured],
  startProcess: true,
  startProcessGroup: [outcome],
  startAllProcesses: [outcome],
  stopProcess: new CannedFault(faultCodes.NOT_RUNNING, 'NOT_RUNNING: web:w0'),
  stopAllProcesses: [outcome],
  signalProcess: true,
  clearProcessLogs: true,
  readProcessStdoutLog: 'one\ntwo\n',
  readLog: 'text\n',
  reloadConfig: [[['new'], ['web'], []]],
  stopProcessGroup: [outcome],
  addProcessGroup: true,
  removeProcessGroup: true,
  restart: true,
  shutdown: true,
});

/** A line for every command, and how many results it has. */
const lines: readonly (readonly [line: string, results: number])[] = [
  ['add web other', 2],
  ['avail', 1],
  ['clear web:w0', 1],
  ['help', commands.filter(({ listing }) => listing !== null).length],
  ['help status', 1],
  ['logs', 2],
  ['maintail', 1],
  ['pid', 1],
  ['pid all', 1],
  ['reload', 1],
  ['remove web', 1],
  ['reread', 2],
  ['restart web:w0', 2],
  ['shutdown', 1],
  ['signal HUP web:w0', 1],
  ['start web:*', 1],
  ['status', 1],
  ['status --wide', 1],
  ['stop web:w0', 1],
  ['tail web:w0', 1],
  ['tail -n 1 web:w0', 1],
  ['update', 3],
  ['version', 1],
  ['wait web:w0', 1],
];

/** Commands that need another daemon or server than the canned one; tested elsewhere. */
const elsewhere = new Set(['config', 'open']);

async function run(line: string): Promise<JsonDocument> {
  const { stdout, stderr } = await cannedLine(`${line} --json`, { answers });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as JsonDocument;
}

function fieldsOf(line: string): readonly ResultField[] {
  const name = line.split(' ')[0];
  return commands.find((command) => command.name === name)?.results ?? [];
}

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: (value) => value === null,
  'array of objects': (value) => Array.isArray(value) && value.every((item) => typeof item === 'object'),
  'array of strings': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

/** What is wrong with a result, by the fields that its command declares. */
function problems(result: CommandResult, fields: readonly ResultField[]): readonly string[] {
  const names = fields.map(([name]) => name.replace('?', ''));
  const unknown = Object.keys(result).filter((name) => !names.includes(name));
  const wrong = fields.filter(([name, type]) => {
    const value = result[name.replace('?', '')];
    const isMissing = name.endsWith('?') && value === undefined;
    return !isMissing && !type.split(' or ').some((part) => typeTests[part]?.(value));
  });
  return [...unknown, ...wrong.map(([name]) => name)];
}

describe('--json', () => {
  it.each(lines)('%s has results with the fields that are documented', async (line, count) => {
    const document = await run(line);
    expect(Object.keys(document)).toEqual(['command', 'exitStatus', 'results', 'messages']);
    expect(document.command).toBe(line.split(' ')[0]);
    expect(document.results).toHaveLength(count);
    expect(document.results.flatMap((result) => problems(result, fieldsOf(line)))).toEqual([]);
  });

  it('is there for every command that declares results', () => {
    const tried = new Set([...lines.map(([line]) => line.split(' ')[0]), ...elsewhere]);
    const declared = commands.filter(({ results }) => results !== null).map(({ name }) => name);
    expect(declared.filter((name) => !tried.has(name))).toEqual([]);
  });

  it('keeps the exit status, and tells what went wrong', async () => {
    const refused = await cannedLine('stop web:w0 --json', { answers });
    expect(refused.exitStatus).toBe(0);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      exitStatus: 0,
      results: [{ name: 'web:w0', ok: false, fault: 'NOT_RUNNING', detail: 'NOT_RUNNING: web:w0' }],
    });
    const unknown = await cannedLine('status nosuch --json', { answers });
    expect(JSON.parse(unknown.stdout)).toEqual({
      command: 'status',
      exitStatus: 4,
      results: [],
      messages: ['nosuch: ERROR (no such process)'],
    });
    const usage = await cannedLine('start --json', { answers });
    expect(usage.exitStatus).toBe(2);
    expect(JSON.parse(usage.stdout)).toMatchObject({ exitStatus: 2, results: [] });
  });

  it('says in a document as well that there is no daemon', async () => {
    const down = { methods: { 'supervisor.getVersion': new CannedFault(1, 'UNKNOWN_METHOD') } };
    const { stdout, exitStatus } = await cannedLine('status --json', { answers: down });
    expect(exitStatus).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ exitStatus: 4, messages: [expect.stringMatching(/^Sorry/)] });
  });

  it('prints a stream as one result a line', async () => {
    const tail = await cannedLine('tail -f web:w0 --json', {
      answers: {
        ...answers,
        streams: { '/logtail/web:w0/stdout': (response) => response.end('one\ntwo\n') },
      },
    });
    expect(tail.stdout).toBe('{"name":"web:w0","channel":"stdout","text":"one\\ntwo\\n"}\n');
  });
});

describe('docs/supervisorctl.md', () => {
  it('is what the commands say (vitest -u writes it)', async () => {
    await expect(renderCommandDocs(commands)).toMatchFileSnapshot('../../docs/supervisorctl.md');
  });
});
