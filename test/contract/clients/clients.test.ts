/** XML-RPC clients of other languages, as administrators' scripts use them, on the original and on ours. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { reasonToSkip, type DebianPackage } from '../../helpers/debian.ts';
import { original, ours, type Flavour } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

interface Client {
  readonly name: string;
  readonly packages: readonly DebianPackage[];
  readonly command: readonly string[];
  /** One that cannot log in gets a server without a password. */
  readonly logsIn: boolean;
}

const clients: readonly Client[] = [
  { name: 'PHP', packages: ['php-cli', 'php-xmlrpc'], command: ['php', 'smoke.php'], logsIn: true },
  { name: 'Perl', packages: ['libxmlrpc-lite-perl'], command: ['perl', 'smoke.pl'], logsIn: true },
  { name: 'Ruby', packages: ['ruby', 'ruby-xmlrpc'], command: ['ruby', 'smoke.rb'], logsIn: true },
  { name: 'C', packages: ['libxmlrpc-core-c3-dev'], command: ['sh', 'smoke.sh'], logsIn: true },
  { name: 'Tcl', packages: ['tcl-xmlrpc'], command: ['tclsh', 'smoke.tcl'], logsIn: false },
];

/** A daemon that the scripts are run against. */
class Host {
  readonly #sandbox = new Sandbox();
  readonly #config;
  readonly #ports: { readonly closed: number; readonly open: number };

  private constructor(ports: { readonly closed: number; readonly open: number }) {
    this.#ports = ports;
    this.#config = writeConfig(
      this.#sandbox,
      `[inet_http_server:closed]
port=127.0.0.1:${ports.closed}
username=user
password=pass

[inet_http_server:open]
port=127.0.0.1:${ports.open}

[program:cat]
command=/bin/cat
startsecs=0
`,
    );
  }

  static async start(flavour: Flavour): Promise<Host> {
    const host = new Host({ closed: await freePort(), open: await freePort() });
    await startDaemon(host.#sandbox, flavour, host.#config);
    return host;
  }

  /** What a client prints, with a fresh process and an empty log before it. */
  async run({ command, logsIn }: Client): Promise<unknown> {
    const { api } = this.#config;
    await callRpc(api, 'supervisor.startAllProcesses');
    await callRpc(api, 'supervisor.clearProcessLogs', ['cat']);
    const [program = '', script = ''] = command;
    const target = logsIn
      ? ['127.0.0.1', String(this.#ports.closed), 'user', 'pass']
      : ['127.0.0.1', String(this.#ports.open)];
    return runProgram('/usr/bin/env', [program, path.join(import.meta.dirname, script), ...target], {
      env: this.#sandbox.env,
      cwd: this.#sandbox.directory,
    });
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }
}

const against = original.supervisordMissing ?? ours.supervisordMissing;
const title = 'XML-RPC clients of other languages';

describe.skipIf(against !== null)(against === null ? title : `${title} (skipped: ${against})`, () => {
  const hosts: Host[] = [];
  beforeAll(async () => {
    hosts.push(await Host.start(original), await Host.start(ours));
  });
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.close()));
  });

  for (const client of clients) {
    const reason = reasonToSkip(client.packages);
    it.skipIf(reason !== null)(
      `B18: ${client.name} gets what it gets from the original${reason === null ? '' : ` (skipped: ${reason})`}`,
      async () => {
        const [expected, answered] = await Promise.all(hosts.map((host) => host.run(client)));
        expect(answered).toEqual(expected);
        expect(expected).toMatchObject({ code: 0, stderr: '' });
        expect(expected).toHaveProperty(
          'stdout',
          expect.stringMatching(/3\.0[^]*BAD_NAME: nosuch[^]*OK|stopped 1/),
        );
      },
    );
  }
});
