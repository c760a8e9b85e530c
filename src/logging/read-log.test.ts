import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nodeReader } from './log-reader.fixture.ts';
import { makeFifo, useTempDir } from './logging.fixture.ts';
import { type LogClient, readFile as readBytes, tailFile as tailBytes } from './read-log.ts';
import { decodeUtf8 } from './utf8.ts';

const tempDir = useTempDir();

function fileWith(content: string | Uint8Array): string {
  const file = tempDir('log');
  fs.writeFileSync(file, content);
  return file;
}

function client(maxBytes: number | undefined): LogClient {
  const { signal } = new AbortController();
  const base = { reader: nodeReader, signal, beforeReading: () => undefined };
  return maxBytes === undefined ? base : { ...base, maxBytes };
}

/** The same with text. */
async function readFile(path: string | null, offset: number, length: number, maxBytes?: number) {
  const read = await readBytes(client(maxBytes), { path, offset, length });
  return read.ok ? { ok: true as const, text: decodeUtf8(read.bytes) } : read;
}

async function tailFile(path: string | null, offset: number, length: number, maxBytes?: number) {
  const { bytes, ...rest } = await tailBytes(client(maxBytes), { path, offset, length });
  return { text: decodeUtf8(bytes), ...rest };
}

describe('B18.7, B18.17: reading a log', () => {
  it.each([
    [0, 0, '0123456789'],
    [3, 0, '3456789'],
    [3, 4, '3456'],
    [8, 100, '89'],
    [10, 0, ''],
    [50, 5, ''],
    [-3, 0, '789'],
    [-50, 0, '0123456789'],
  ])('from %i, length %i', async (offset, length, text) => {
    expect(await readFile(fileWith('0123456789'), offset, length)).toEqual({ ok: true, text });
  });

  it('refuses a negative length, and a length with a negative offset', async () => {
    const file = fileWith('0123456789');
    const refused = { ok: false, fault: 'BAD_ARGUMENTS' };
    expect(await readFile(file, 0, -1)).toEqual(refused);
    expect(await readFile(file, -1, 1)).toEqual(refused);
    expect(await readFile(file, -1, -1)).toEqual(refused);
  });

  it('answers NO_FILE without a file and FAILED for one that cannot be read', async () => {
    expect(await readFile(null, 0, 0)).toEqual({ ok: false, fault: 'NO_FILE' });
    expect(await readFile(tempDir('missing'), 0, 0)).toEqual({ ok: false, fault: 'NO_FILE' });
    expect(await readFile(tempDir(), 0, -1)).toEqual({ ok: false, fault: 'FAILED' });
  });

  it('does not wait for a writer of a FIFO', async () => {
    makeFifo(tempDir('fifo'));
    expect(await readFile(tempDir('fifo'), 0, 0)).toEqual({ ok: true, text: '' });
  });

  it.each(['/dev/null', '/dev/zero', '/dev/tty'])('%s reads as empty', async (device) => {
    expect(await readFile(device, 0, 0)).toEqual({ ok: true, text: '' });
    expect(await readFile(device, -100, 0)).toEqual({ ok: true, text: '' });
    expect(await readFile(device, 10, 10)).toEqual({ ok: true, text: '' });
    expect(await tailFile(device, 0, 100)).toEqual({ text: '', offset: 0, overflow: false });
  });

  it('reads no more than its limit, from the end if asked from the end', async () => {
    const file = fileWith('0123456789');
    expect(await readFile(file, 1, 0, 4)).toEqual({ ok: true, text: '1234' });
    expect(await readFile(file, -8, 0, 4)).toEqual({ ok: true, text: '6789' });
    expect(await tailFile(file, 0, 9, 4)).toEqual({ text: '6789', offset: 10, overflow: true });
  });
});

describe('B18.18: tailing a log', () => {
  it('answers an empty text for a missing file', async () => {
    expect(await tailFile(tempDir('missing'), 7, 5)).toEqual({ text: '', offset: 0, overflow: false });
    expect(await tailFile(null, 7, 5)).toEqual({ text: '', offset: 0, overflow: false });
    expect(await tailFile(tempDir(), 7, 5)).toEqual({ text: '', offset: 7, overflow: false });
  });

  it('tells when the log has outgrown the reader', async () => {
    expect(await tailFile(fileWith('0123456789'), 0, 4)).toEqual({
      text: '6789',
      offset: 10,
      overflow: true,
    });
    expect(await tailFile(fileWith('0123456789'), 10, 4)).toEqual({ text: '', offset: 10, overflow: false });
  });
});

describe('characters at the borders of a range', () => {
  const characters = fc.array(fc.constantFrom('a', 'é', '€', '😀', '\n'), { maxLength: 20 });

  it('belong to the range in which they begin, so that ranges add up', async () => {
    await fc.assert(
      fc.asyncProperty(characters, fc.integer({ min: 1, max: 9 }), async (parts, length) => {
        const whole = parts.join('');
        const file = fileWith(whole);
        let text = '';
        for (let offset = 0; offset < Buffer.byteLength(whole); offset += length) {
          const part = await readFile(file, offset, length);
          text += part.ok ? part.text : '?';
        }
        expect(text).toBe(whole);
      }),
    );
  });

  it('are never cut at the start of the last bytes', async () => {
    expect(await readFile(fileWith('a€b'), -3, 0)).toEqual({ ok: true, text: 'b' });
    expect((await tailFile(fileWith('a€b'), 0, 3)).text).toBe('b');
  });

  it('are left out while their end is not written yet', async () => {
    expect(await readFile(fileWith(Buffer.from('a€').subarray(0, 3)), 0, 0)).toEqual({ ok: true, text: 'a' });
  });

  it('are marked where there are none', async () => {
    const binary = Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x61, 0xff, 0x62);
    expect(await readFile(fileWith(binary), 1, 0)).toEqual({ ok: true, text: '����a�b' });
    expect(await readFile(fileWith(Uint8Array.of(0xe2, 0x61)), 0, 1)).toEqual({ ok: true, text: '�' });
  });
});

const python = ['/usr/bin/python3', 'python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'import supervisor.options'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe.skipIf(python === undefined)(
  "B18.7, B18.18 against the original (skipped without Debian's supervisor)",
  () => {
    it('answers the same for every offset and length', async () => {
      const sizes = [0, 1, 2, 5, 10];
      const numbers = [-12, -10, -9, -5, -2, -1, 0, 1, 2, 3, 5, 9, 10, 11, 20];
      for (const size of sizes) {
        fs.writeFileSync(tempDir(`size${size}`), '0123456789'.slice(0, size));
      }
      const script = `
import json, sys
from supervisor.options import readFile, tailFile
base, sizes, numbers = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
answers = []
for size in sizes:
    for offset in numbers:
        for length in numbers:
            file = '%s/size%d' % (base, size)
            try:
                read = readFile(file, offset, length).decode()
            except ValueError as why:
                read = why.args[0]
            answers.append([read] + tailFile(file, offset, length))
print(json.dumps(answers))
`;
      const output = execFileSync(python ?? '', [
        '-c',
        script,
        tempDir(),
        JSON.stringify(sizes),
        JSON.stringify(numbers),
      ]);
      const ours: unknown[] = [];
      for (const size of sizes) {
        for (const offset of numbers) {
          for (const length of numbers) {
            const read = await readFile(tempDir(`size${size}`), offset, length);
            const tail = await tailFile(tempDir(`size${size}`), offset, length);
            ours.push([read.ok ? read.text : read.fault, tail.text, tail.offset, tail.overflow]);
          }
        }
      }
      expect(ours).toEqual(JSON.parse(output.toString()));
    });
  },
);
