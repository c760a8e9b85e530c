/** Settings of a program with the defaults of the configuration, for tests. */
import type { ProcessSettings, StreamSettings } from '../config/settings.ts';

const stream: StreamSettings = {
  logfile: { kind: 'none' },
  logfileMaxBytes: 50 * 1024 * 1024,
  logfileBackups: 10,
  captureMaxBytes: 0,
  eventsEnabled: false,
  syslog: false,
};

export function processSettings(overrides: Partial<ProcessSettings> = {}): ProcessSettings {
  return {
    kind: 'program',
    name: 'cat',
    command: '/bin/cat',
    directory: null,
    umask: null,
    priority: 999,
    autostart: true,
    autorestart: 'unexpected',
    startSecs: 1,
    startRetries: 3,
    uid: null,
    stdout: stream,
    stderr: stream,
    stopSignal: 15,
    stopWaitSecs: 10,
    stopAsGroup: false,
    killAsGroup: false,
    exitCodes: [0],
    redirectStderr: false,
    environment: {},
    serverUrl: null,
    ...overrides,
  };
}
