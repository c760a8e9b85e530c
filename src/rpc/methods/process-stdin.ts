/**
 * Methods that hand something to processes: text to one's stdin, an event to listeners.
 *
 * Source: Supervisor manual, "XML-RPC API"; checklist B18.20 and B18.21.
 */
import { remoteCommunicationEvent } from '../../events/payloads.ts';
import { RpcFault } from '../faults.ts';
import { findProcess } from '../find-processes.ts';
import { defineMethod, type RpcMethod } from '../method.ts';
import { anyParameter } from '../parameters.ts';
import { pythonStr } from '../python-text.ts';
import type { XmlRpcValue } from '../xml/value.ts';
import { processName } from './common.ts';

/** Characters of an event: listeners' buffers may hold many. */
const maxEventLength = 1024 * 1024;

export const processStdinMethods: readonly RpcMethod[] = [
  defineMethod({
    name: 'sendProcessStdin',
    acts: true,
    summary: 'Writes to the stdin of a running process.',
    parameters: [processName, anyParameter('chars', 'Text, sent as UTF-8; base64 sends the bytes.')],
    result: { type: 'boolean', summary: 'True.' },
    faults: ['BAD_NAME', 'NOT_RUNNING', 'NO_FILE', 'FAILED'],
    handle: ({ control }, name, chars) => {
      const bytes = bytesOf(chars);
      const process = findProcess(control, name);
      if (process.pid === 0 || process.isStopping) {
        throw new RpcFault('NOT_RUNNING', name);
      }
      switch (process.writeStdin(bytes)) {
        case 'ok':
          return true;
        case 'closed':
          throw new RpcFault('NO_FILE', name);
        case 'full':
          throw new RpcFault('FAILED', `${name} does not read what was sent before`);
      }
    },
  }),
  defineMethod({
    name: 'sendRemoteCommEvent',
    acts: true,
    summary: 'Publishes a REMOTE_COMMUNICATION event.',
    parameters: [
      anyParameter('type', 'The value of `type` in the payload.'),
      anyParameter('data', 'The text that follows it.'),
    ],
    result: { type: 'boolean', summary: 'True.' },
    // Compat: the one method of its namespace that works until the very end.
    duringShutdown: true,
    handle: ({ control }, type, data) => {
      // Compat: any value goes, in the form in which Python prints it.
      const [typeText, dataText] = [pythonStr(type), pythonStr(data)];
      if (typeText.length + dataText.length > maxEventLength) {
        throw new RpcFault('INCORRECT_PARAMETERS', `more than ${maxEventLength} characters`);
      }
      control.notify(remoteCommunicationEvent(typeText, dataText));
      return true;
    },
  }),
];

function bytesOf(chars: XmlRpcValue): Uint8Array {
  if (typeof chars === 'string') {
    return Buffer.from(chars, 'utf8');
  }
  if (chars instanceof Uint8Array) {
    return chars;
  }
  throw chars === null
    ? new RpcFault('INCORRECT_PARAMETERS')
    : new RpcFault('INCORRECT_PARAMETERS', pythonStr(chars));
}
