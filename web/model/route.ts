/**
 * Addresses of the page's views, in the fragment: they work below any path, and the daemon serves one page.
 */

export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'program'; readonly name: string }
  | { readonly view: 'logs'; readonly sources: readonly string[] }
  | { readonly view: 'timeline' }
  | { readonly view: 'activity' }
  | { readonly view: 'configuration' };

export function parseRoute(hash: string): Route {
  const [view = '', ...rest] = hash.replace(/^#?\/?/, '').split('/');
  const argument = rest.join('/');
  switch (view) {
    case 'program':
      return argument === '' ? { view: 'overview' } : { view, name: decode(argument) };
    case 'logs':
      return { view, sources: argument === '' ? [] : argument.split(',').map(decode) };
    case 'timeline':
    case 'activity':
    case 'configuration':
      return { view };
    default:
      return { view: 'overview' };
  }
}

export function routeHash(route: Route): string {
  switch (route.view) {
    case 'overview':
      return '#/';
    case 'program':
      return `#/program/${encodeURIComponent(route.name)}`;
    case 'logs':
      return `#/logs/${route.sources.map(encodeURIComponent).join(',')}`;
    case 'timeline':
    case 'activity':
    case 'configuration':
      return `#/${route.view}`;
  }
}

/** As it is where it cannot be decoded: somebody has typed the address. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
