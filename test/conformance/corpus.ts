/** The recorded corpus as a list of cases: a folder that stands for the machine's root, and what is expected. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Expectation {
  readonly ok: boolean;
  readonly error?: string;
  readonly [field: string]: unknown;
}

export interface CorpusCase {
  readonly name: string;
  readonly expected: Expectation;
  readonly env: Readonly<Record<string, string>>;
  /** Lays the files out below `root`, which stands for `/`. */
  layOut(root: string): void;
}

/** Where every case has its configuration. */
export const configFile = '/srv/app/supervisord.conf';

const corpus = join(import.meta.dirname, 'corpus');

const usualEnvironment = {
  HOME: '/root',
  LANG: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  USER: 'root',
};

const fragmentMain = '[supervisord]\n\n[include]\nfiles = fragment.conf\n';

/** Real files and hand-made ones of a folder. */
export function fileCases(folder: 'configs' | 'edge'): CorpusCase[] {
  return readdirSync(join(corpus, folder))
    .filter((name) => name.endsWith('.conf'))
    .map((name) => fileCase(join(corpus, folder, name)));
}

function fileCase(path: string): CorpusCase {
  const stem = path.slice(0, -'.conf'.length);
  const recorded = JSON.parse(readFileSync(`${stem}.expected.json`, 'utf8')) as Expectation & {
    readonly mode: 'main' | 'fragment';
    readonly given_env: Readonly<Record<string, string>>;
  };
  const { mode, given_env: env, release_4_2_5: _older, ...expected } = recorded;
  return {
    name: basename(stem),
    expected,
    env,
    layOut(root) {
      const folder = appFolder(root);
      if (existsSync(`${stem}.files`)) {
        cpSync(`${stem}.files`, folder, { recursive: true });
      }
      const content = readFileSync(path);
      writeFileSync(join(folder, mode === 'main' ? 'supervisord.conf' : 'fragment.conf'), content);
      if (mode === 'fragment') {
        writeFileSync(join(folder, 'supervisord.conf'), fragmentMain);
      }
    },
  };
}

/** Configurations with one mistake each. */
export function mistakeCases(): CorpusCase[] {
  const rows = JSON.parse(
    readFileSync(join(corpus, 'edge', 'errors.json'), 'utf8'),
  ) as readonly (Expectation & {
    readonly name: string;
    readonly conf: string;
  })[];
  return rows.map(({ name, conf, release_4_2_5: _older, ...expected }) => ({
    name,
    expected,
    env: usualEnvironment,
    layOut(root) {
      writeFileSync(join(appFolder(root), 'supervisord.conf'), conf);
    },
  }));
}

function appFolder(root: string): string {
  const folder = join(root, 'srv', 'app');
  mkdirSync(folder, { recursive: true });
  return folder;
}
