/** What the original and ours say of the same changes of a configuration, and what they have made of them. */
import { rmSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { startDaemon } from '../../helpers/daemon.ts';
import { flavours, original, ours, type Flavour } from '../../helpers/flavours.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { callRpc, RpcFaultAnswer, type RpcStruct, type RpcValue } from '../../helpers/xml-rpc.ts';
import { type Change, changes, type ConfigText } from './changes.ts';

const missing = original.supervisordMissing ?? ours.supervisordMissing;

type Lists = readonly [readonly [readonly string[], readonly string[], readonly string[]]];

/** A daemon that goes from one configuration to the next. */
class Subject {
  readonly #sandbox = new Sandbox();

  static async start(flavour: Flavour): Promise<Subject> {
    const subject = new Subject();
    await startDaemon(subject.#sandbox, flavour, { configFile: subject.#write({ sections: '' }) });
    return subject;
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }

  /** All that can be seen of one change. */
  async tell({ before, after }: Change): Promise<readonly unknown[]> {
    this.#write(before);
    await this.#update();
    this.#write(after);
    const reread = await this.#call('reloadConfig');
    const available = await this.#call('getAllConfigInfo');
    if (reread instanceof RpcFaultAnswer) {
      // Ours has a line for each error below the original's, and does not tell the names of all variables.
      const [message = ''] = reread.faultString.split(/\n| Available names: /);
      return [reread.faultCode, this.#normalize(message), available];
    }
    await this.#update();
    const active = ((await this.#call('getAllProcessInfo')) as readonly RpcStruct[]).map(
      ({ group, name, statename }) => [group, name, statename],
    );
    return [
      reread,
      available,
      active,
      await this.#call('getAllConfigInfo'),
      await this.#call('reloadConfig'),
    ];
  }

  /** As supervisorctl does it. */
  async #update(): Promise<void> {
    const [[added, changed, removed]] = (await this.#rpc('reloadConfig')) as unknown as Lists;
    for (const name of [...removed, ...changed]) {
      await this.#rpc('stopProcessGroup', name);
      await this.#rpc('removeProcessGroup', name);
    }
    for (const name of [...changed, ...added]) {
      await this.#rpc('addProcessGroup', name);
    }
  }

  async #call(method: string): Promise<unknown> {
    try {
      return this.#normalize(await this.#rpc(method));
    } catch (error) {
      if (error instanceof RpcFaultAnswer) {
        return error;
      }
      throw error;
    }
  }

  #rpc(method: string, ...params: readonly RpcValue[]): Promise<RpcValue> {
    return callRpc({ socketPath: this.#sandbox.path('s.sock') }, `supervisor.${method}`, params);
  }

  /** Without the folder and the random part of AUTO logs; `autorestart` is not told by Debian's version. */
  #normalize<T>(value: T): T {
    const text = JSON.stringify(value, (key, member: unknown) =>
      key === 'autorestart' ? undefined : member,
    );
    return JSON.parse(
      text
        .replaceAll(this.#sandbox.directory, '/sandbox')
        .replaceAll(/---(\w+)-[a-z0-9_]{8}\.log/g, '---$1-RANDOM.log'),
    ) as T;
  }

  #write({ daemon = '', sections, included }: ConfigText): string {
    rmSync(this.#sandbox.path('included.conf'), { force: true });
    if (included !== undefined) {
      this.#sandbox.write('included.conf', included);
    }
    return this.#sandbox.write(
      's.conf',
      `[supervisord]
logfile=%(here)s/s.log
pidfile=%(here)s/s.pid
childlogdir=%(here)s
${daemon}
[unix_http_server]
file=%(here)s/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[include]
files=included*.conf
${sections}`,
    );
  }
}

describe.skipIf(missing !== null)(
  `changes of a configuration${missing === null ? '' : ` (${missing})`}`,
  () => {
    it('B21.1, B21.2, B21.3, B18.9, B18.10, B18.16: are the same to both', async () => {
      const subjects = await Promise.all(flavours.map((flavour) => Subject.start(flavour)));
      try {
        for (const change of changes) {
          const [expected, told] = await Promise.all(subjects.map((subject) => subject.tell(change)));
          expect([change.title, told]).toEqual([change.title, expected]);
        }
      } finally {
        await Promise.all(subjects.map((subject) => subject.close()));
      }
    });
  },
);
