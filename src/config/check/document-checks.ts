/**
 * What a configuration says that nobody will read, or that is read otherwise than it looks.
 *
 * The original accepts all of it in silence; here each is a warning.
 */
import type { IniDocument, Oddity } from '../ini/sections.ts';
import { kindOfSection, sectionKinds, type SectionKind } from '../options/sections.ts';
import { placeOf, shownValue, type Problem } from '../problems.ts';
import { closest } from '../suggestion.ts';

/** Warnings about sections, options and lines, in the order of the document. */
export function checkDocument(document: IniDocument): Problem[] {
  return [
    ...document.oddities.map((oddity) => describe(document, oddity)),
    ...document.sections().flatMap((section) => checkSection(document, section)),
  ];
}

function checkSection(document: IniDocument, section: string): Problem[] {
  const kind = kindOfSection(section);
  if (kind === null) {
    return [unknownSection(document, section)];
  }
  const unknown = kind.takesOthers ? [] : unknownOptions(document, section, kind);
  return [...unknown, ...socketless(document, section)];
}

function unknownSection(document: IniDocument, section: string): Problem {
  const [name = ''] = section.split(':', 1);
  const meant = closest(
    name,
    sectionKinds.map((kind) => kind.name),
  );
  const kind = sectionKinds.find((candidate) => candidate.name === meant);
  const header = kind?.suffix === 'needed' ? `${kind.name}:name` : kind?.name;
  return warning(document, section, null, {
    message: `section [${section}] is unknown and ignored`,
    expected: header === undefined ? null : `a known section, such as [${header}]`,
  });
}

function unknownOptions(document: IniDocument, section: string, kind: SectionKind): Problem[] {
  return document
    .ownOptionNames(section)
    .filter((option) => !Object.hasOwn(kind.options, option))
    .map((option) => {
      const meant = closest(option, Object.keys(kind.options));
      return warning(document, section, option, {
        message: `option ${option} of [${section}] is unknown and ignored`,
        expected: meant === null ? null : `a known option, such as ${meant}`,
      });
    });
}

/** Compat: in a group, FastCGI programs are ordinary programs, which is hardly what they are made for. */
function socketless(document: IniDocument, section: string): Problem[] {
  const programs = section.startsWith('group:') ? (document.get(section, 'programs')?.value ?? '') : '';
  return programs
    .split(',')
    .map((program) => program.trim())
    .filter((program) => document.has(`fcgi-program:${program}`))
    .map((program) =>
      warning(document, section, 'programs', {
        message: `the FastCGI program ${program} runs without its socket in [${section}]`,
        expected: `programs that need no socket; [fcgi-program:${program}] is a group of its own where no group names it`,
      }),
    );
}

function describe(document: IniDocument, oddity: Oddity): Problem {
  const { file, line, section, option } = oddity;
  const value = option === 'password' ? null : oddity.value;
  const place = { severity: 'warning' as const, file, line, section, option, value };
  switch (oddity.kind) {
    case 'repeated-section': {
      const first = document.headerOf(section);
      const where = first === null ? 'before' : `at ${first.file}:${String(first.line)}`;
      const message = `section [${section}] begins ${where} already; both are merged, and later options win`;
      return { ...place, expected: null, message };
    }
    case 'comment-in-quotes':
      return {
        ...place,
        expected: 'no blank before a ; or # that belongs to the value',
        message: 'the value ends inside quotes: a ; or # behind a blank begins a comment even there',
      };
    default:
      return oddity.kind satisfies never;
  }
}

function warning(
  document: IniDocument,
  section: string,
  option: string | null,
  about: Pick<Problem, 'message' | 'expected'>,
): Problem {
  const { file = null, line = null } = placeOf(document, section, option);
  const value = shownValue(document, section, option);
  return { severity: 'warning', file, line, section, option, value, ...about };
}
