/** Options of `[supervisorctl]`. */
import { option, optional } from './option.ts';
import { text } from './words.ts';

export const supervisorctlOptions = {
  serverurl: option({
    convert: text,
    fallback: 'http://localhost:9001',
    meaning: 'Address of the daemon: `http://host:port` or `unix:///path`.',
    example: 'unix:///tmp/supervisor.sock',
  }),
  username: optional({
    convert: text,
    meaning: 'Name to give to the daemon.',
    example: 'user',
  }),
  password: optional({
    convert: text,
    meaning: 'Password to give to the daemon, as it is typed: a hash is none, also where the server has one.',
    example: '123',
  }),
  prompt: option({
    convert: text,
    fallback: 'supervisor',
    meaning: 'What the shell shows before it waits for a command.',
    example: 'supervisor',
  }),
  history_file: optional({
    convert: text,
    meaning: 'File that keeps the commands of earlier shells.',
    example: '~/.supervisorctl_history',
    since: '3.0a5',
  }),
};
