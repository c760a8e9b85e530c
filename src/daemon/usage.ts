/**
 * Errors that keep the daemon from starting.
 *
 * Source: B1, B12: `Error: <text>`, a hint, exit code 2.
 */
export const usageExitCode = 2;

export function usageErrorText(message: string, program: string): string {
  return `Error: ${message}\nFor help, use ${program} -h\n`;
}
