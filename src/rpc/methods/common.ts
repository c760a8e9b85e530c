/** Parameters and results that many methods have alike. */
import { textParameter } from '../parameters.ts';

export const processName = textParameter('name', 'The process as `name` or `group:name`.');

export const processOrGroupName = textParameter(
  'name',
  'The process as `name` or `group:name`, or all of a group as `group:*`.',
);

export const groupName = textParameter('name', 'The group.');

/** What methods answer that concern several processes. */
export const outcomes = {
  type: 'array',
  summary: 'One struct a process: name, group, status (80 or a fault code), description.',
} as const;
