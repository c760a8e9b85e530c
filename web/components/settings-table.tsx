import type { SettingView } from '../stream/wire.ts';

interface SettingsTableProps {
  readonly caption: string;
  readonly settings: readonly (readonly [name: string, setting: SettingView])[];
}

/** Values in force, with the file and line that each comes from. */
export function SettingsTable({ caption, settings }: SettingsTableProps) {
  return (
    <table class="settings">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Option</th>
          <th scope="col">Value</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {settings.map(([name, { value, file, line }]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <bdi>{settingText(value)}</bdi>
            </td>
            <td class="quiet" title={file ?? undefined}>
              {originText(file, line)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Values of the API as a person writes them. */
function settingText(value: unknown): string {
  if (value === null || value === undefined) {
    return '–';
  }
  if (Array.isArray(value)) {
    return value.map(settingText).join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The name of the file is enough; the whole path is its title. */
export function originText(file: string | null, line: number | null): string {
  if (file === null) {
    return 'default';
  }
  const name = file.slice(file.lastIndexOf('/') + 1);
  return line === null ? name : `${name}:${line}`;
}
