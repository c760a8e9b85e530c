/** Values that should not be seen by everybody who may look at a configuration. */

const secretName =
  /pass(word|wd|phrase)?|secret|token|credential|private|auth|dsn|salt|(^|[_.-])keys?([_.-]|$)|[a-z]key$/i;
/** A password inside an address: `redis://user:password@host`. */
const addressPassword = /(:\/\/[^:/?#@\s]*:)[^@/?#\s]+(@)/g;

/** What stands for a secret. */
export const mask = '********';

/**
 * The same variables of an environment, or options of a plugin; what looks like a secret by its name, or is a password in an
 * address, is masked.
 */
export function maskSecrets(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      secretName.test(name) ? mask : value.replaceAll(addressPassword, `$1${mask}$2`),
    ]),
  );
}
