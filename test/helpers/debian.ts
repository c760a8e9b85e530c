/**
 * What of Debian's packages is installed here. Tests that need a missing one are skipped by name, never
 * silently: its package goes into the title.
 */
import { accessSync, constants, existsSync } from 'node:fs';

/** A file that is there exactly when its package is. */
const packageFiles = {
  supervisor: '/usr/bin/supervisord',
  gunicorn: '/usr/bin/gunicorn',
  'python3-django': '/usr/lib/python3/dist-packages/django/__init__.py',
  celery: '/usr/bin/celery',
  'python3-celery': '/usr/lib/python3/dist-packages/celery/__init__.py',
  'python3-redis': '/usr/lib/python3/dist-packages/redis/__init__.py',
  'redis-server': '/usr/bin/redis-server',
  'php-cli': '/usr/bin/php',
  'php-xmlrpc': '/usr/share/doc/php-xmlrpc/copyright',
  'libxmlrpc-lite-perl': '/usr/share/perl5/XMLRPC/Lite.pm',
  ruby: '/usr/bin/ruby',
  'ruby-xmlrpc': '/usr/lib/ruby/vendor_ruby/xmlrpc/client.rb',
  'libxmlrpc-core-c3-dev': '/usr/bin/xmlrpc',
  'tcl-xmlrpc': '/usr/share/tcltk/xmlrpc0.3/xmlrpc.tcl',
  ansible:
    '/usr/lib/python3/dist-packages/ansible_collections/community/general/plugins/modules/supervisorctl.py',
  zsh: '/usr/bin/zsh',
  fish: '/usr/bin/fish',
  nginx: '/usr/sbin/nginx',
  'php-cgi': '/usr/bin/php-cgi',
  strace: '/usr/bin/strace',
  psmisc: '/usr/bin/killall',
  'sysvinit-utils': '/bin/pidof',
  'monitoring-plugins-basic': '/usr/lib/nagios/plugins/check_procs',
} as const;

export type DebianPackage = keyof typeof packageFiles;

/** Everything `examples/django-celery` needs. */
export const djangoSitePackages: readonly DebianPackage[] = [
  'gunicorn',
  'python3-django',
  'celery',
  'python3-celery',
  'python3-redis',
  'redis-server',
];

/** Those of the packages that are not installed, in the order asked. */
function missingPackages(packages: readonly DebianPackage[]): readonly DebianPackage[] {
  return packages.filter((name) => !existsSync(packageFiles[name]));
}

/** Why tests that need these packages cannot run here, or null when they can. */
export function reasonToSkip(packages: readonly DebianPackage[]): string | null {
  const missing = missingPackages(packages);
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** Whether a file is there and may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tests need it for system calls that neither a shell nor Node makes; every Debian has it. */
export const hasPerl = isExecutable('/usr/bin/perl');

/** To follow the title of a test that needs it. */
export const perlNote = hasPerl ? '' : ' (skipped without perl)';
