/**
 * `supervisord --check`: every problem of a configuration at once, for people or as JSON.
 */
import { toJson, type JsonValue } from '../json.ts';
import { loadSettings, type LoadRequest } from '../load.ts';
import { problemText } from '../problem-text.ts';
import type { Problem } from '../problems.ts';
import { checkSettings } from './settings-checks.ts';

export interface CheckRequest extends LoadRequest {
  readonly json: boolean;
  /** Warnings alone fail as well. */
  readonly strict: boolean;
}

export interface CheckReport {
  /** For stdout, with a line end. */
  readonly text: string;
  /** 0: nothing to complain of; 1: warnings, when they count; 2: errors. */
  readonly exitCode: 0 | 1 | 2;
}

/** Checks without starting anything. */
export function checkConfig(request: CheckRequest): CheckReport {
  const result = loadSettings(request);
  const problems = [...result.problems, ...result.notices];
  if (result.ok) {
    problems.push(...checkSettings(result.settings, result.origins, request.world));
  }
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity === 'warning');
  const warned = warnings.length > 0 && request.strict;
  const ordered = [...errors, ...warnings.sort(byPlace)];
  return {
    text: request.json ? asJson(result.ok, ordered) : asText(request.configFile, ordered),
    exitCode: errors.length > 0 ? 2 : warned ? 1 : 0,
  };
}

function byPlace(a: Problem, b: Problem): number {
  return a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : 0;
}

function asJson(ok: boolean, problems: readonly Problem[]): string {
  const rows: readonly JsonValue[] = problems.map((problem) => ({ ...problem }));
  return `${toJson({ ok, problems: rows })}\n`;
}

function asText(configFile: string, problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const summary =
    problems.length === 0
      ? `${configFile}: no problems`
      : `${configFile}: ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`;
  return [...problems.map((problem) => problemText(problem, configFile)), summary, ''].join('\n');
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
