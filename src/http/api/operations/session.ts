/** Logging in and out, and the token that every action needs. */
import * as v from 'valibot';
import type { Access } from '../../access/gate.ts';
import { defineOperation, type Operation } from '../operation.ts';
import { Problem } from '../problem.ts';
import { sessionSchema } from '../schemas.ts';

const path = '/session';
const answer = sessionSchema;
const maxLength = 1000;

export const sessionOperations: readonly Operation[] = [
  defineOperation({
    id: 'getSession',
    method: 'GET',
    path,
    tag: 'session',
    summary:
      'Tells who is logged in, and the token that has to be in the header X-Supervisor-Token of every action.',
    isOpen: true,
    answer,
    answerSummary: 'The session.',
    handle: ({ exchange: { access } }) => describe(access),
  }),
  defineOperation({
    id: 'logIn',
    method: 'POST',
    path,
    tag: 'session',
    summary: 'Begins a session, which a cookie keeps.',
    isOpen: true,
    // Anybody may send one.
    maxBodyBytes: 4096,
    body: v.strictObject({
      username: v.pipe(v.string(), v.maxLength(maxLength)),
      password: v.pipe(v.string(), v.maxLength(maxLength)),
    }),
    answer,
    answerSummary: 'The session that was begun.',
    handle: async ({ exchange: { gate, request, response, access, signal }, body }) => {
      if (!access.isRequired) {
        return describe(access);
      }
      const outcome = await gate.logIn(request, body, signal);
      if (!outcome.ok) {
        if (outcome.dropped) {
          response.destroy();
        }
        throw new Problem(401, 'The user name or the password is wrong');
      }
      response.setHeader('Set-Cookie', outcome.cookie);
      return describe(outcome.access);
    },
  }),
  defineOperation({
    id: 'logOut',
    method: 'DELETE',
    path,
    tag: 'session',
    summary: 'Ends the session.',
    isOpen: true,
    answer: v.object({ ok: v.literal(true) }),
    answerSummary: 'It is ended.',
    handle: ({ exchange: { gate, request, response } }) => {
      response.setHeader('Set-Cookie', gate.logOut(request));
      return { ok: true as const };
    },
  }),
];

function describe({ verdict, isRequired, user, token }: Access): v.InferOutput<typeof answer> {
  return { authenticated: verdict === 'granted', required: isRequired, user, token };
}
