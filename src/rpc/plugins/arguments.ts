/** Arguments of a plugin's methods, which it is given only as its parameters say. */
import { RpcFault } from '../faults.ts';
import type { RpcTypeName } from '../method.ts';
import { integerOf } from '../parameters.ts';
import type { XmlRpcValue } from '../xml/value.ts';
import { isRecord } from '../../plugin/record.ts';

/** An argument as its parameter says, base64 as the text that it contains; what cannot be that is refused. */
export function converted(param: XmlRpcValue, type: RpcTypeName): XmlRpcValue {
  const isBytes = param instanceof Uint8Array;
  switch (type) {
    case 'string':
      return isBytes ? Buffer.from(param).toString('utf8') : demand(typeof param === 'string', param);
    case 'int': {
      const number = integerOf(param);
      return demand(number !== null, number ?? 0);
    }
    case 'boolean':
      return demand(typeof param === 'boolean' || param === 0 || param === 1, Boolean(param));
    case 'array':
      return demand(Array.isArray(param), param);
    case 'struct':
      return demand(isRecord(param) && !Array.isArray(param) && !isBytes && !(param instanceof Date), param);
  }
}

function demand(isRight: boolean, value: XmlRpcValue): XmlRpcValue {
  if (!isRight) {
    throw new RpcFault('INCORRECT_PARAMETERS');
  }
  return value;
}
