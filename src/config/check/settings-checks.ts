/** Settings that are right in themselves but will hardly do what was meant. */
import { isLoopback } from '../loopback.ts';
import type { Origins, Problem } from '../problems.ts';
import { directoryOf } from '../python/paths.ts';
import type { HttpServerSettings, ProcessSettings, Settings } from '../settings.ts';
import type { World } from '../world.ts';

/** Warnings about servers anybody can use and directories that are not there. */
export function checkSettings(settings: Settings, origins: Origins, world: World): Problem[] {
  const processes = settings.groups.flatMap((group) => group.processes);
  const found = [
    ...settings.httpServers.flatMap((server) => checkServer(server, world)),
    ...processes.flatMap((process) => checkProcess(process, world)),
  ];
  const warnings = found.map(({ subject, option, value, expected, message }): Problem => {
    const section = origins.sectionOf(subject);
    const origin = section === null ? null : origins.of(section, option);
    const { file = null, line = null } = origin ?? {};
    return { severity: 'warning', file, line, section, option, value, expected, message };
  });
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}

interface Finding {
  /** The settings it is about, by which their section is found. */
  readonly subject: object;
  readonly option: string;
  readonly value: string;
  readonly expected: string;
  readonly message: string;
}

function checkServer(server: HttpServerSettings, world: World): Finding[] {
  if (server.family === 'unix') {
    const directory = directoryOf(server.file);
    return world.isDirectory(directory) ? [] : [missing(server, 'file', server.file, directory)];
  }
  if (server.credentials !== null || isLoopback(server.host)) {
    return [];
  }
  const where = server.host === '' ? 'any address of this machine' : server.host;
  return [
    {
      subject: server,
      option: 'port',
      value: `${server.host}:${String(server.port)}`,
      expected: 'a username and password, or an address of this machine alone such as 127.0.0.1',
      message: `[${server.section}] lets anybody who reaches ${where} start and stop programs`,
    },
  ];
}

function checkProcess(process: ProcessSettings, world: World): Finding[] {
  const { directory } = process;
  return directory === null || world.isDirectory(directory)
    ? []
    : [missing(process, 'directory', directory, directory)];
}

function missing(subject: object, option: string, value: string, directory: string): Finding {
  return {
    subject,
    option,
    value,
    expected: 'a directory that exists when it is needed',
    message: `directory ${directory} does not exist`,
  };
}
