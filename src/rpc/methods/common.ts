/** Parameters and results that many methods have alike. */
import { RpcFault } from '../faults.ts';
import type { Parameter } from '../method.ts';
import { textParameter } from '../parameters.ts';
import { type JsonSchema, listOf, oneOf, truth } from '../json-schema.ts';
import { pythonStr } from '../python-text.ts';
import { outcomeSchema } from '../result-schemas.ts';
import type { XmlRpcValue } from '../xml/value.ts';

/** Characters of a name that a configuration can hold, and more. */
const maxLength = 1024;

export const processName: Parameter<string> = {
  ...textParameter('name', 'The process as `name` or `group:name`.'),
  maxLength,
};

export const processOrGroupName: Parameter<string> = {
  ...textParameter('name', 'The process as `name` or `group:name`, or all of a group as `group:*`.'),
  maxLength,
};

const groupText: Parameter<string> = { ...textParameter('name', 'The group.'), maxLength };

/** Compat: a number or a date is a name that no group has, not a parameter of the wrong type; an infinite number is no name at all. */
export const groupName: Parameter<string> = {
  ...groupText,
  parse: (argument) => {
    if (isNameOfNothing(argument)) {
      throw new RpcFault('BAD_NAME', argument === null ? undefined : pythonStr(argument));
    }
    return groupText.parse(argument);
  },
};

function isNameOfNothing(argument: XmlRpcValue): boolean {
  return (
    argument === null ||
    argument instanceof Date ||
    typeof argument === 'boolean' ||
    (typeof argument === 'number' && Number.isFinite(argument))
  );
}

/** What methods answer that concern several processes. */
export const outcomes = {
  type: 'array',
  summary: 'One struct a process: name, group, status (80 or a fault code), description.',
  schema: listOf(outcomeSchema),
} as const;

/** What methods answer that concern one process, or all of a group. */
export const trueOrOutcomes: JsonSchema = oneOf(truth, listOf(outcomeSchema));
