/**
 * result_handler: a listener answers with JSON, `{"ok": true}` when it has done its work.
 *
 * @import { ResultHandler } from 'supervisord-ts/plugin'
 */

/** @type {ResultHandler} */
export function judgeJson(event, answer) {
  const { ok } = JSON.parse(Buffer.from(answer).toString());
  return ok === true ? 'accepted' : 'rejected';
}
