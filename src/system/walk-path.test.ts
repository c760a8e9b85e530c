import fs from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import type { NativePlace, NativeSeen } from '../native/binding.ts';
import { loadBinding } from '../native/index.ts';
import { PathWalk, type WalkOptions } from './path-walk.fixture.ts';
import type { Place } from './place.ts';

const binding = loadBinding();
const isRoot = process.getuid?.() === 0;
const [stranger, other] = [65534, 65533];
const owners = [0, 0, stranger, other];
const names = ['a', 'b', 'c'];

/** What is made below a folder, one after the other; what cannot be made is left out. */
interface Thing {
  readonly kind: 'directory' | 'file' | 'link' | 'second name';
  readonly at: string;
  readonly target: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

interface Question {
  readonly path: string;
  readonly lastLink: 'follow' | 'keep';
  readonly friends: readonly number[];
  readonly believes: readonly boolean[];
}

const way = fc
  .tuple(
    fc.constantFrom(...names),
    fc.array(fc.constantFrom(...names, ...names, ...names, '..', '.'), { maxLength: 3 }),
  )
  .map(([first, rest]) => [first, ...rest].join('/'));
const target = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.oneof(
      way,
      way.map((to) => `../${to}`),
    ),
  },
  { weight: 4, arbitrary: way.map((to) => `FOLDER/${to}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/', '/dev/null', '/proc/self/status', '/proc', '/dev/', 'a/', '/..'),
  },
);
const thing: fc.Arbitrary<Thing> = fc.record({
  kind: fc.constantFrom('directory', 'directory', 'directory', 'file', 'link', 'link', 'second name'),
  at: way,
  target,
  uid: fc.constantFrom(...owners),
  gid: fc.constantFrom(...owners),
  mode: fc.constantFrom(0o755, 0o755, 0o775, 0o777, 0o1777, 0o1775),
});
const question: fc.Arbitrary<Question> = fc.record({
  path: fc.oneof(
    { weight: 6, arbitrary: way.map((to) => `FOLDER/${to}`) },
    { weight: 1, arbitrary: fc.constantFrom('/', '/proc/self/stat', '/proc', '/dev/null', '/none/none') },
  ),
  lastLink: fc.constantFrom('follow', 'keep'),
  friends: fc.subarray([stranger, other]),
  believes: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
});

function make(folder: string, { kind, at, uid, gid, mode, ...rest }: Thing): void {
  const file = path.join(folder, at);
  const to = rest.target.replace('FOLDER', folder);
  try {
    // Not through a link, which may lead out of it.
    if (!file.startsWith(`${folder}/`) || fs.realpathSync(path.dirname(file)) !== path.dirname(file)) {
      return;
    }
    if (kind === 'directory') {
      fs.mkdirSync(file);
      fs.chownSync(file, uid, gid);
      fs.chmodSync(file, mode);
    } else if (kind === 'file') {
      fs.writeFileSync(file, '', { flag: 'wx' });
      fs.chownSync(file, uid, gid);
    } else if (kind === 'link') {
      fs.symlinkSync(to, file);
      fs.lchownSync(file, uid, gid);
    } else {
      fs.linkSync(path.resolve(folder, to), file);
    }
  } catch {
    // Something is there, or its directory is not.
  }
}

interface Answer {
  /** Where it leads; or why it does not. */
  readonly place: unknown;
  /** Of the links that were asked about. */
  readonly asked: readonly string[];
}

const identity = (seen: Pick<NativeSeen, 'dev' | 'ino'> | null): string | null =>
  seen === null ? null : `${seen.dev}:${seen.ino}`;

/** Whether a link counts as known, in a way that two walks agree on. */
const isKnown = ({ believes }: Question, ino: number): boolean => believes[ino % believes.length] ?? false;

function judged(directory: string, name: string, place: Pick<Place, 'link'> & Seen): unknown {
  const { openDirectory, found, link } = place;
  return { directory, name, openDirectory: identity(openDirectory), found: identity(found), link };
}

interface Seen {
  readonly openDirectory: Pick<NativeSeen, 'dev' | 'ino'> | null;
  readonly found: Pick<NativeSeen, 'dev' | 'ino'> | null;
}

/** Where it is, by names without links. */
const nameOf = (directory: string): string =>
  directory.startsWith('/proc/self/fd/') ? fs.readlinkSync(directory) : directory;

function walkInScript(file: string, asked: Question): Answer {
  const believed: string[] = [];
  const options: WalkOptions = {
    lastLink: asked.lastLink,
    friends: new Set(asked.friends),
    isBelieved: (link) => {
      const known = isKnown(asked, link.ino);
      believed.push(...(known ? [identity(link) ?? ''] : []));
      return known;
    },
  };
  const walk = new PathWalk(options);
  try {
    const found = walk.to(path.resolve(file));
    const directory = nameOf(path.dirname(found.path));
    const place = judged(directory, path.basename(found.path), found);
    return { place, asked: believed };
  } catch (error) {
    return { place: error instanceof Error && 'code' in error ? error.code : String(error), asked: believed };
  } finally {
    walk.close();
  }
}

function walkInAddon(file: string, asked: Question, known: readonly number[]): Answer {
  const resolved = path.resolve(file);
  const { place, error, believed } = binding.walkPath(
    resolved,
    asked.lastLink === 'keep',
    asked.friends,
    known,
    false,
  );
  const links = believed.flatMap((dev, at) => (at % 2 === 0 ? [`${dev}:${believed[at + 1]}`] : []));
  if (place === null) {
    return { place: typeof error === 'string' ? `UnsafePathError: ${error}` : errnoOf(error), asked: links };
  }
  const directory = directoryOf(place);
  if (place.fd !== null) {
    binding.close(place.fd);
  }
  const at = `${directory === '/' ? '' : directory}/${place.name}`;
  return { place: judged(path.dirname(at), path.basename(at), place), asked: links };
}

const directoryOf = ({ fd, directory }: NativePlace): string =>
  fd === null ? directory : nameOf(`/proc/self/fd/${fd}`);

/** The names that can come here. */
function errnoOf(result: number): string {
  const errnos = { 2: 'ENOENT', 20: 'ENOTDIR', 40: 'ELOOP' };
  return new Map(Object.entries(errnos)).get(String(result)) ?? String(result);
}

/** Every link below a folder that counts as known, by device and inode in turn. */
function knownLinks(folder: string, asked: Question): readonly number[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    const { dev, ino } = fs.lstatSync(file);
    if (entry.isDirectory()) {
      return knownLinks(file, asked);
    }
    return entry.isSymbolicLink() && isKnown(asked, ino) ? [dev, ino] : [];
  });
}

const folders: string[] = [];

afterEach(() => {
  folders.splice(0).forEach((folder) => fs.rmSync(folder, { recursive: true }));
});

describe.skipIf(!isRoot).each(['/tmp', '/root'])('a made-up tree below %s (needs root)', (above) => {
  it('leads the walk of the addon to where it leads that of the script, or is refused by both', () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(thing, { minLength: 25, maxLength: 40 }),
        fc.array(question, { minLength: 20, maxLength: 20 }),
        (things, questions) => {
          const folder = fs.mkdtempSync(`${above}/sv-`);
          folders.push(folder);
          things.slice(0, names.length).forEach((one, index) => {
            make(folder, { ...one, kind: 'directory', at: names[index] ?? '' });
          });
          things.forEach((one) => make(folder, one));
          for (const asked of questions) {
            const file = asked.path.replace('FOLDER', folder);
            const expected = walkInScript(file, asked);
            expect(walkInAddon(file, asked, knownLinks(folder, asked))).toEqual(expected);
            outcomes.add(typeof expected.place === 'string' ? expected.place.replace(/\d+/g, '') : 'place');
            outcomes.add(expected.asked.length > 0 ? 'believed' : 'place');
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(outcomes.size).toBeGreaterThanOrEqual(8);
  }, 60_000);
});
