/**
 * The page for who runs no script: a table of all processes within `noscript`, made anew at every load. Text browsers show it,
 * and checks find names and states in it; its cells have the classes of the original's.
 */
import type { RpcHost } from '../../rpc/dispatch.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import { allProcessInfo, type ProcessInfo } from '../../rpc/process-info.ts';
import { escapeHtml } from '../escape-html.ts';

const noscript = /<noscript>[\s\S]*?<\/noscript>/;

/** The document with the table in it; `message` is shown above. */
export function withProcessTable(document: string, host: RpcHost, message: string): string {
  return document.replace(noscript, () => `<noscript>\n${content(host, message)}\n</noscript>`);
}

function content({ control, clock }: RpcHost, message: string): string {
  const infos = allProcessInfo(control, clock.wallMs());
  const said = message === '' ? [] : [`<div class="status_msg">${escapeHtml(message)}</div>`];
  const rows = infos.flatMap((info) => rowOf(info));
  return [
    '<h1>Supervisor</h1>',
    ...said,
    `<p>${link('index.html?action=refresh', 'Refresh')}`,
    link('index.html?action=restartall', 'Restart All'),
    `${link('index.html?action=stopall', 'Stop All')}</p>`,
    '<table>',
    '<thead>',
    '<tr><th class="state">State</th><th class="desc">Description</th><th class="name">Name</th><th class="action">Action</th></tr>',
    '</thead>',
    '<tbody>',
    ...rows,
    '</tbody>',
    '</table>',
  ].join('\n');
}

function rowOf(info: ProcessInfo): readonly string[] {
  const name = formatNamespec(info.group, info.name);
  const address = encodeURIComponent(name);
  const isRunning = info.statename === 'RUNNING';
  const act = (action: string, text: string): string =>
    link(`index.html?processname=${address}&action=${action}`, text);
  const actions = [
    ...(isRunning ? [act('restart', 'Restart'), act('stop', 'Stop')] : [act('start', 'Start')]),
    act('clearlog', 'Clear Log'),
    link(`logtail/${address}`, 'Tail -f Stdout'),
    link(`logtail/${address}/stderr`, 'Tail -f Stderr'),
  ];
  return [
    '<tr>',
    `<td class="status"><span class="${classOf(info.statename)}">${info.statename.toLowerCase()}</span></td>`,
    `<td><span>${escapeHtml(info.description)}</span></td>`,
    `<td>${link(`tail.html?processname=${address}`, name)}</td>`,
    `<td class="action">${actions.join('\n')}</td>`,
    '</tr>',
  ];
}

function classOf(state: string): string {
  return state === 'RUNNING'
    ? 'statusrunning'
    : state === 'FATAL' || state === 'BACKOFF'
      ? 'statuserror'
      : 'statusnominal';
}

function link(target: string, text: string): string {
  return `<a href="${escapeHtml(target)}">${escapeHtml(text)}</a>`;
}
