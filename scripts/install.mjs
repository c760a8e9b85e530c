/**
 * Brings `node_modules` to what package-lock.json says, when it is not there yet.
 *
 * Contents decide, not file times: npm leaves a copy of the lock file of what it installed, and a checkout
 * touches files without changing them.
 */
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { inRoot } from './paths.mjs';
import { run, StepFailure } from './run.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function readLock(file) {
  /** @type {{ packages?: LockedPackages }} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  return lock.packages ?? {};
}

/**
 * @param {LockedPackages} wanted Packages of package-lock.json.
 * @param {LockedPackages} present Packages of npm's copy in `node_modules`.
 * @returns {boolean} Optional packages may be absent: they are of other platforms.
 */
export function isInstalled(wanted, present) {
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') {
      return true;
    }
    const found = present[place];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

/** Installs the packages when they are missing or not those of package-lock.json. */
export function installPackages() {
  const copy = inRoot('node_modules', '.package-lock.json');
  if (existsSync(copy) && isInstalled(readLock(inRoot('package-lock.json')), readLock(copy))) {
    return;
  }
  process.stdout.write('Installing packages (npm ci) ...\n');
  const code = run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (code !== 0) {
    throw new StepFailure(
      `cannot install the packages: npm ci ended with exit code ${code}; check the network and npm's registry setting, then run this again`,
    );
  }
}
