/** Options of the sections that gather programs: `[group:x]`, `[eventlistener:x]` and `[fcgi-program:x]`. */
import { owner } from './identities.ts';
import { backlog, fileMode, integer } from './numbers.ts';
import { option, optional, required } from './option.ts';
import { programOptions } from './program.ts';
import { boolean, list, text } from './words.ts';

const priority = option({
  convert: integer,
  fallback: 999,
  meaning: 'Groups with lower ones are started first and stopped last.',
  example: '999',
});

export const groupOptions = {
  programs: required({
    convert: list,
    meaning: 'Names of the programs and FastCGI programs that belong to the group.',
    example: 'bar,baz',
  }),
  priority,
};

/** What an event listener has besides the options of a program. */
export const listenerOptions = {
  events: required({
    convert: text,
    meaning: 'Types of events that are sent to the listeners, with commas between them.',
    example: 'PROCESS_STATE,TICK_60',
  }),
  buffer_size: option({
    convert: integer,
    fallback: 10,
    meaning: 'How many events wait for a listener; when more come, the oldest is dropped.',
    example: '10',
  }),
  length_in_bytes: option({
    convert: boolean,
    fallback: false,
    meaning:
      'Whether `len` in the header of an event counts bytes. Listeners that read text, as those in Python do, need characters; those that read bytes, as shells and C programs do, can turn this on.',
    example: 'false',
    since: '5.0.0',
  }),
  result_handler: option({
    convert: text,
    fallback: 'supervisor.dispatchers:default_handler',
    meaning:
      'What judges the answers of the listeners: the stock handler, which takes `OK`, or a function of an ES module as `./file.mjs:name` or `package:name`.',
    example: 'supervisor.dispatchers:default_handler',
  }),
  priority: option({ ...priority, convert: integer, fallback: -1, shownDefault: '-1', example: '-1' }),
};

/** What a FastCGI program has besides the options of a program. */
export const fcgiOptions = {
  socket: required({
    convert: text,
    meaning: 'Socket that the processes share as their stdin: `tcp://host:port` or `unix:///path`.',
    example: 'unix:///run/%(program_name)s.sock',
  }),
  socket_backlog: optional({
    convert: backlog,
    meaning: 'How many connections wait to be accepted, from 1 to 65535.',
    example: '128',
    since: '3.4.0',
    shownDefault: "the system's limit",
  }),
  socket_owner: optional({
    convert: owner((value) => `Invalid socket_owner value ${value}`),
    meaning: 'Owner of a Unix socket: `user` or `user:group`.',
    example: 'root:root',
    shownDefault: 'the user of the program',
  }),
  socket_mode: optional({
    convert: fileMode((value) => `Invalid socket_mode value ${value}`),
    meaning: 'Permissions of a Unix socket, octal.',
    example: '0700',
    shownDefault: '0700',
  }),
};

export const eventListenerOptions = { ...programOptions, ...listenerOptions };
export const fcgiProgramOptions = { ...programOptions, ...fcgiOptions };
