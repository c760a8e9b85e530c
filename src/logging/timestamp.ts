const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function formatSecond(date: Date): string {
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

let formattedSecond = Number.NaN;
let secondText = '';

/** `2026-11-23 01:34:00,123` in local time, formatted anew once a second only. Source: B16.1. */
export function logTimestamp(wallMs: number): string {
  const second = Math.floor(wallMs / 1000);
  if (second !== formattedSecond) {
    formattedSecond = second;
    secondText = formatSecond(new Date(second * 1000));
  }
  return `${secondText},${pad(Math.floor(wallMs) - second * 1000, 3)}`;
}
