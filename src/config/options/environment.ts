/** The value of `environment=`. */
import { parsed, refused } from '../python/parsed.ts';
import { environmentTokens } from '../python/shlex.ts';
import type { Converter } from './converter.ts';

/** B7.12: `KEY=value` pairs with commas (or any other single character) between them. */
export const environment: Converter<ReadonlyMap<string, string>> = {
  parse(value) {
    const tokens = environmentTokens(value);
    if (!tokens.ok) {
      return tokens;
    }
    const variables = new Map<string, string>();
    for (let index = 0; index < tokens.value.length; index += 4) {
      const [key, equals, content] = tokens.value.slice(index, index + 3);
      if (key === undefined || equals !== '=' || content === undefined) {
        return refused(`Unexpected end of key/value pairs in value '${value}'`);
      }
      variables.set(key, content);
    }
    return parsed(variables);
  },
  expected: 'KEY=value pairs with commas between them; values with other signs in quotes',
};
