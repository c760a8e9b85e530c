/** Whether only this machine can reach what listens on a host as a configuration names it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(?:\.\d+){3}$/.test(host) || host === '::1' || host === '[::1]';
}
