/** Numbers and times as people read them. */

const secsPerMinute = 60;
const secsPerHour = 3600;
const secsPerDay = 86_400;

/** `42s`, `12m 05s`, `4h 12m`, `3d 4h`: two units are enough. A clock that was set back makes it `0s`. */
export function formatDuration(ms: number): string {
  const secs = Math.max(0, Math.floor(ms / 1000));
  if (secs < secsPerMinute) {
    return `${secs}s`;
  }
  if (secs < secsPerHour) {
    return `${Math.floor(secs / secsPerMinute)}m ${twoDigits(secs % secsPerMinute)}s`;
  }
  if (secs < secsPerDay) {
    return `${Math.floor(secs / secsPerHour)}h ${twoDigits(Math.floor(secs / secsPerMinute) % 60)}m`;
  }
  return `${Math.floor(secs / secsPerDay)}d ${Math.floor((secs % secsPerDay) / secsPerHour)}h`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `1.4 MB`, `120 MB`, in steps of 1024. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** `0.0%`, `12.3%`, `240%`, of one core. */
export function formatPercent(percent: number): string {
  return `${percent.toFixed(percent >= 99.95 ? 0 : 1)}%`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `14:02:09` in the reader's time zone. */
export function formatTime(atMs: number): string {
  const date = new Date(atMs);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

/** `2026-11-26` in the reader's time zone. */
export function formatDay(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The time, with the day where that is another than today's. */
export function formatMoment(atMs: number, nowMs: number): string {
  const time = formatTime(atMs);
  return formatDay(atMs) === formatDay(nowMs) ? time : `${formatDay(atMs)} ${time}`;
}

/** `1 program`, `3 programs`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
