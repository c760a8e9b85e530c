/** Makes the groups of a configuration (B8), in the original's order of reading. */
import { groupOptions } from '../options/grouping.ts';
import { programOptions } from '../options/program.ts';
import { processName } from '../options/words.ts';
import { compareText } from '../python/text.ts';
import type { GroupSettings, ProcessSettings } from '../settings.ts';
import { closest } from '../suggestion.ts';
import { SectionReader, type LoadContext } from './context.ts';
import { readFcgiGroup } from './fcgi.ts';
import { readListenerPool } from './listeners.ts';
import { readProcesses } from './programs.ts';

/**
 * All groups, by priority and name; `daemonEnvironment` lies under that of each process. `ownEventTypes` are those of
 * plugins; null: any might be.
 */
export function readGroups(
  context: LoadContext,
  daemonEnvironment: ReadonlyMap<string, string>,
  ownEventTypes: readonly string[] | null,
): GroupSettings[] {
  const sections = context.document.sections();
  const ofKind = (kind: string): string[] => sections.filter((section) => section.startsWith(`${kind}:`));
  const grouped = new Set<string>();
  const groups = [
    ...ofKind('group').map((section) => readGroup(context, section, grouped)),
    ...ofKind('program')
      .filter((section) => !grouped.has(section))
      .map((section) => readProgramGroup(context, section)),
    ...ofKind('eventlistener').map((section) => readListenerPool(context, section, ownEventTypes)),
    ...ofKind('fcgi-program')
      .filter((section) => !grouped.has(section))
      .map((section) => readFcgiGroup(context, section)),
  ];
  return groups
    .filter((group) => group !== null)
    .map((group) => withEnvironment(context, group, daemonEnvironment))
    .sort((a, b) => a.priority - b.priority || compareText(a.name, b.name));
}

/** The name behind the colon, checked; null after a problem. */
export function groupNameOf(reader: SectionReader): string | null {
  const name = processName.parse(reader.section.slice(reader.section.indexOf(':') + 1), reader.context.world);
  if (!name.ok) {
    reader.error(name.message, { expected: processName.expected });
    return null;
  }
  return name.value;
}

/** Names known in options of a group, as opposed to those of its processes. */
export function groupReader(context: LoadContext, section: string): SectionReader {
  return new SectionReader(context, section, new Map([['here', context.here]]));
}

function readGroup(context: LoadContext, section: string, grouped: Set<string>): GroupSettings | null {
  const reader = groupReader(context, section);
  const name = groupNameOf(reader);
  const programs = reader.read('programs', groupOptions.programs) ?? [];
  const priority = reader.read('priority', groupOptions.priority);
  const processes: ProcessSettings[] = [];
  // Compat: messages about the second and later names call the group by the section of the name before.
  let speaker = section;
  for (const program of programs) {
    const member = memberSection(context, section, speaker, program);
    if (member !== null) {
      speaker = member;
      grouped.add(member);
      // Compat: in a group, FastCGI programs are ordinary programs without a socket.
      processes.push(...readProcesses(context, member, name ?? '', 'program'));
    }
  }
  return name === null
    ? null
    : context.made<GroupSettings>({ kind: 'group', name, priority, processes }, section);
}

function memberSection(context: LoadContext, group: string, speaker: string, program: string): string | null {
  const { document } = context;
  const sections = [`program:${program}`, `fcgi-program:${program}`].filter((name) => document.has(name));
  const [section] = sections;
  if (section === undefined || sections.length > 1) {
    const trouble =
      section === undefined
        ? `names unknown program or fcgi-program ${program}`
        : `name ${program} is ambiguous (exists as program and fcgi-program)`;
    const known = document.sections().flatMap((name) => /^(?:fcgi-)?program:(.*)$/s.exec(name)?.[1] ?? []);
    const meant = section === undefined ? closest(program, known) : null;
    const expected = meant === null ? 'names of programs' : `names of programs, such as ${meant}`;
    context.error(group, `[${speaker}] ${trouble}`, { option: 'programs', expected });
    return null;
  }
  return section;
}

function readProgramGroup(context: LoadContext, section: string): GroupSettings | null {
  const reader = groupReader(context, section);
  const name = groupNameOf(reader);
  if (name === null) {
    return null;
  }
  const priority = reader.read('priority', programOptions.priority);
  const processes = readProcesses(context, section, name, 'program');
  return context.made<GroupSettings>({ kind: 'group', name, priority, processes }, section);
}

function withEnvironment(
  context: LoadContext,
  group: GroupSettings,
  environment: ReadonlyMap<string, string>,
): GroupSettings {
  if (environment.size === 0) {
    return group;
  }
  const base = Object.fromEntries(environment);
  const processes = group.processes.map((process) => {
    const merged = { ...process, environment: { ...base, ...process.environment } };
    return context.made(merged, context.sectionOf(process) ?? '');
  });
  return context.made({ ...group, processes }, context.sectionOf(group) ?? '');
}
