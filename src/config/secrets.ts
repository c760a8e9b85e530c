/** Values that should not be seen by everybody who may look at a configuration. */

const secretName =
  /pass(word|wd|phrase)?|secret|token|credential|private|api_?key|access_?key|auth|dsn|salt/i;
/** A password inside an address: `redis://user:password@host`. */
const addressPassword = /(:\/\/[^:/?#@\s]*:)[^@/?#\s]+(@)/g;

const mask = '********';

/** The same variables; what looks like a secret by its name, or is a password in an address, is masked. */
export function maskSecrets(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      secretName.test(name) ? mask : value.replaceAll(addressPassword, `$1${mask}$2`),
    ]),
  );
}
