/** Event listeners for scenarios. Each appends what it is given to the file that is its first argument. */
import { readFileSync } from 'node:fs';

import type { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';

/** Uses the original's own module for listeners, so that it works with ours too. Answers OK. */
const python = `import sys
sys.path.append('/usr/lib/python3/dist-packages')
from supervisor import childutils

class Tee:
    heard = []
    def readline(self):
        self.heard.append(sys.stdin.readline())
        return self.heard[-1]
    def read(self, count):
        self.heard.append(sys.stdin.read(count))
        return self.heard[-1]

log = open(sys.argv[1], 'a')
while True:
    Tee.heard = []
    childutils.listener.wait(Tee(), sys.stdout)
    log.write(''.join(Tee.heard) + '\\x1e')
    log.flush()
    childutils.listener.ok(sys.stdout)
`;

/** What listeners write after each event. */
const separator = '\x1e';

/**
 * Answers as its second argument says: `die`, `never` and `pieces` for each event, otherwise for the first, and OK to all
 * later ones. It counts bytes, so that only ASCII is for it.
 */
const shell = `say() { printf "$@"; }
next() {
  IFS= read -r header || exit 0
  { printf '%s\\n' "$header"; head -c "\${header##*len:}"; printf '\\036'; } >> "$log"
}
log=$1
how=$2
say 'READY\\n'
while next; do
  case $how in
    ok) say 'RESULT 2\\nOKREADY\\n' ;;
    fail) say 'RESULT 4\\nFAILREADY\\n' ;;
    die) exit 1 ;;
    garbage) say 'what is this?\\n' ;;
    never) : ;;
    pieces) for piece in RES 'ULT 2\\n' O K REA 'DY\\n'; do sleep 0.05; say "$piece"; done ;;
    spurious) say 'RESULT 2\\nOKREADY\\nand more\\n' ;;
  esac
  case $how in die | never | pieces) ;; *) how=ok ;; esac
done
`;

/** How a listener in shell answers. */
export type Manner = 'ok' | 'fail' | 'die' | 'garbage' | 'never' | 'pieces' | 'spurious';

/** The `command` of a listener that writes `file`. */
export function pythonListener(sandbox: Sandbox, file: string): string {
  return `/usr/bin/python3 ${sandbox.write('listener.py', python)} ${sandbox.path(file)}`;
}

export function shellListener(sandbox: Sandbox, file: string, manner: Manner): string {
  return `/bin/sh ${sandbox.write('listener.sh', shell)} ${sandbox.path(file)} ${manner}`;
}

/** One event as a listener received it. */
export interface ReceivedEvent {
  readonly header: string;
  readonly payload: string;
}

/** What was received so far. */
export function receivedEvents(sandbox: Sandbox, file: string): readonly ReceivedEvent[] {
  let text: string;
  try {
    text = readFileSync(sandbox.path(file), 'utf8');
  } catch {
    return [];
  }
  const complete = text.split(separator).slice(0, -1);
  return complete.map((event) => {
    const end = event.indexOf('\n') + 1;
    return { header: event.slice(0, end), payload: event.slice(end) };
  });
}

/** Waits until so many events of which the payload or header contains `text` were received. */
export function received(sandbox: Sandbox, file: string, text: string, count = 1): Promise<true> {
  return waitFor(`${count} events with ${JSON.stringify(text)} in ${file}`, () => {
    const events = receivedEvents(sandbox, file);
    return events.filter(({ header, payload }) => `${header}${payload}`.includes(text)).length >= count;
  });
}

const headerForm =
  /^ver:3\.0 server:(\S+) serial:(\d+) pool:(\S+) poolserial:(\d+) eventname:([A-Z0-9_]+) len:(\d+)\n$/;

/**
 * An event with its pid as `N`, and its length, which changes with the pid, taken off once it was checked.
 *
 * @throws when the header does not have the form of the protocol or tells another length.
 */
export function comparable({ header, payload }: ReceivedEvent): string {
  const parts = headerForm.exec(header);
  if (parts === null || Number(parts[6]) !== Array.from(payload).length) {
    throw new Error(`cannot read the header ${JSON.stringify(header)} of ${JSON.stringify(payload)}`);
  }
  return `${header.slice(0, header.lastIndexOf(' len:'))} ${payload.replaceAll(/\bpid:\d+/g, 'pid:N')}`;
}
