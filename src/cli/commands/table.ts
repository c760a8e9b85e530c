/**
 * Every command of supervisorctl.
 */
import type { Command } from '../command.ts';
import { add } from './add.ts';
import { avail } from './avail.ts';
import { check } from './check.ts';
import { clear } from './clear.ts';
import { completion } from './completion.ts';
import { config } from './config.ts';
import { fg } from './fg.ts';
import { help } from './help.ts';
import { logs } from './logs.ts';
import { maintail } from './maintail.ts';
import { open } from './open.ts';
import { pid } from './pid.ts';
import { endOfFile, exit, quit } from './quit.ts';
import { reload } from './reload.ts';
import { remove } from './remove.ts';
import { reread } from './reread.ts';
import { restart } from './restart.ts';
import { shutdown } from './shutdown.ts';
import { signal } from './signal.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { tail } from './tail.ts';
import { update } from './update.ts';
import { version } from './version.ts';
import { wait } from './wait.ts';

export const commands: readonly Command[] = [
  add,
  avail,
  check,
  clear,
  completion,
  config,
  endOfFile,
  exit,
  fg,
  help,
  logs,
  maintail,
  open,
  pid,
  quit,
  reload,
  remove,
  reread,
  restart,
  shutdown,
  signal,
  start,
  status,
  stop,
  tail,
  update,
  version,
  wait,
];
