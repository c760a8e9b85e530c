/**
 * The time that a line of a log begins with, in the formats programs use. Times without a zone are taken as the
 * reader's own.
 */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** How far into a line a time may stand: after a bracket, a colour, a level, a host. */
const reach = 200;

const iso =
  /(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|[+-]\d\d:?\d\d))?/;
/** Apache and nginx. */
const common = /(?<!\d)(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})/;
/** Syslog: no year, no zone. */
const syslog = /^\W*([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)/;
/** JSON lines with seconds or milliseconds since the epoch. */
const epochMember = /"(?:time|ts|timestamp|t)":\s*(\d{10})(\d{3})?(?:\.(\d{1,9}))?(?!\d)/;
/** Seconds since the epoch at the beginning, as `date +%s` and the kernel's friends write them. */
const epochStart = /^\W{0,2}(1\d{9})(?:\.(\d{1,9}))?(?![\d-])/;

/** In milliseconds since the epoch; null when the line has none. `nowMs` gives syslog lines their year. */
export function parseLineTime(line: string, nowMs: number): number | null {
  const head = line.slice(0, reach);
  const found =
    fromIso(iso.exec(head)) ??
    fromCommon(common.exec(head)) ??
    fromEpoch(epochMember.exec(head)) ??
    fromEpochStart(epochStart.exec(head)) ??
    fromSyslog(syslog.exec(head), nowMs);
  return found === null || Number.isNaN(found) ? null : found;
}

type Match = RegExpExecArray | null;

function fromIso(match: Match): number | null {
  if (match === null) {
    return null;
  }
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match;
  const fields = [year, month, day, hour, minute, second].map(Number);
  return toMs(fields, fraction, zone);
}

function fromCommon(match: Match): number | null {
  if (match === null) {
    return null;
  }
  const [, day, month = '', year, hour, minute, second, zone] = match;
  const monthNumber = months.indexOf(month) + 1;
  return monthNumber === 0
    ? null
    : toMs([Number(year), monthNumber, ...[day, hour, minute, second].map(Number)], '', zone);
}

function fromSyslog(match: Match, nowMs: number): number | null {
  if (match === null) {
    return null;
  }
  const [, month = '', day, hour, minute, second] = match;
  const monthNumber = months.indexOf(month) + 1;
  if (monthNumber === 0) {
    return null;
  }
  const year = new Date(nowMs).getFullYear();
  const rest = [monthNumber, ...[day, hour, minute, second].map(Number)];
  const thisYear = toMs([year, ...rest], '', undefined);
  const dayMs = 86_400_000;
  return thisYear > nowMs + dayMs ? toMs([year - 1, ...rest], '', undefined) : thisYear;
}

function fromEpoch(match: Match): number | null {
  return match === null
    ? null
    : Number(match[1]) * 1000 + (match[2] ? Number(match[2]) : fractionMs(match[3] ?? ''));
}

function fromEpochStart(match: Match): number | null {
  return match === null ? null : Number(match[1]) * 1000 + fractionMs(match[2] ?? '');
}

function toMs(fields: readonly number[], fraction: string, zone: string | undefined): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields;
  if (zone === undefined) {
    return new Date(year, month - 1, day, hour, minute, second, fractionMs(fraction)).getTime();
  }
  return Date.UTC(year, month - 1, day, hour, minute, second, fractionMs(fraction)) - zoneMs(zone);
}

function fractionMs(digits: string): number {
  return digits === '' ? 0 : Math.floor(Number(`0.${digits}`) * 1000);
}

function zoneMs(zone: string): number {
  if (zone === 'Z') {
    return 0;
  }
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
